// Resources are counted in steps of 0.0001; sizes in bytes, with a unit that is known.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      number_too_fine_or_large.cc:[[@LINE+3]]:26: error: 'num_cpus' is counted in steps of 0.0001 [-Wray-option-value]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {26})}}^~~~~~~{{$}}
[[ray::remote(num_cpus = 0.12345)]] int one() { return 1; }

// CHECK:      :[[@LINE+4]]:27: error: unknown unit 'Mib'; did you mean 'MiB'? [-Wray-option-value]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {27})}}^~~{{$}}
// CHECK-NEXT: {{^ +\|( {27})}}MiB{{$}}
[[ray::remote(memory = 512Mib)]] int two() { return 2; }

// CHECK:      :[[@LINE+1]]:29: error: '99999999999' is too large for 'max_retries' [-Wray-option-value]
[[ray::remote(max_retries = 99999999999)]] int three() { return 3; }

// CHECK-NOT: error:
[[ray::remote(num_cpus = 0.0001, memory = 1.5GiB)]] int four() { return 4; }
// CHECK: 3 errors generated.
