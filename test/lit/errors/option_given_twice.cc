// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      option_given_twice.cc:[[@LINE+3]]:46: error: option 'num_cpus' is given twice [-Wray-repeated-option]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {46})}}^~~~~~~~{{$}}
[[ray::remote(num_cpus = 1, max_retries = 0, num_cpus = 2)]] int one() { return 1; }

// CHECK:      option_given_twice.cc:[[@LINE+1]]:38: error: 'TPU' is given twice [-Wray-option-value]
[[ray::remote(resources = {"TPU": 1, "TPU": 2})]] int two() { return 2; }

// CHECK:      :[[@LINE+2]]:38: error: 'ray::remote' is given twice [-Wray-repeated-option]
// CHECK:      :[[@LINE+1]]:8: note: write all options here
[[ray::remote(num_cpus = 1)]] [[ray::remote(num_cpus = 2)]] int three() { return 3; }
// CHECK: 3 errors generated.
