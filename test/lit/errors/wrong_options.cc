// Options of a call are those of a struct: clang names the designator that is wrong.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
#include <ray/ray.h>

[[ray::remote]] int work(int x) { return x; }
class [[ray::remote]] Tracker {};

int main() {
  // CHECK-DAG: wrong_options.cc:[[@LINE+1]]:18: error: field designator 'num_cpu' does not refer to any field in type {{.*}}TaskOptions'; did you mean 'num_cpus'?
  work.options({.num_cpu = 1}).remote(1);
  // CHECK-DAG: wrong_options.cc:[[@LINE+1]]:{{[0-9]+}}: error: field designator 'max_retries' does not refer to any field in type {{.*}}ActorOptions'
  Tracker::options({.max_retries = 1}).remote();
}
// CHECK: 2 errors generated.
