// The attribute in every spelling and place that C++ allows.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>

// CHECK-DAG: {.num_cpus = 1}
[[nodiscard, ray::remote(num_cpus = 1)]] int one() { return 1; }
// CHECK-DAG: {.num_cpus = 2}
[[using ray: remote(num_cpus = 2)]] int two() { return 2; }
// CHECK-DAG: {.num_cpus = 3}
int three [[ray::remote(num_cpus = 3)]] () { return 3; }
// CHECK-DAG: {.num_cpus = 4}
[[maybe_unused]] [[ ray :: remote ( num_cpus = 4 ) ]] static int four() { return 4; }
// CHECK-DAG: {.num_cpus = 5}
<:<:ray::remote(num_cpus = 5):>:> int five() { return 5; }
// CHECK-DAG: {.num_cpus = 6}
#define CPUS 6
#define REMOTE [[ray::remote(num_cpus = CPUS)]]
REMOTE int six() { return 6; }
// CHECK-DAG: {.num_cpus = 7}
[[ray::remote(num_cpus = \
7)]] int seven() { return 7; }
// CHECK-DAG: {.name = "]]"}
[[ray::remote(name = "]]" /* ]] */)]] int eight() { return 8; }
