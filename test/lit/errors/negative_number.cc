// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      negative_number.cc:[[@LINE+3]]:26: error: 'num_cpus' cannot be negative [-Wray-option-value]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {26})}}^~{{$}}
[[ray::remote(num_cpus = -1)]] int one() { return 1; }

// CHECK:      :[[@LINE+1]]:29: error: 'max_retries' cannot be negative, but for -1, which means no limit [-Wray-option-value]
[[ray::remote(max_retries = -2)]] int two() { return 2; }

// CHECK:      :[[@LINE+1]]:35: error: 'TPU' cannot be negative [-Wray-option-value]
[[ray::remote(resources = {"TPU": -0.5})]] int three() { return 3; }

// CHECK:      :[[@LINE+1]]:39: error: 'max_concurrency' must be at least 1 [-Wray-option-value]
class [[ray::remote(max_concurrency = 0)]] Tracker {};

// CHECK-NOT: error:
[[ray::remote(max_retries = -1)]] int four() { return 4; }
// CHECK: 4 errors generated.
