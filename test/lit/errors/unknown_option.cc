// An option that does not exist is an error under its name; a near one is suggested, with a fix-it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      unknown_option.cc:[[@LINE+4]]:15: error: unknown option 'num_cpu'; did you mean 'num_cpus'? [-Wray-unknown-option]
// CHECK-NEXT: {{^ *[0-9]+ \| .*num_cpu = 2}}
// CHECK-NEXT: {{^ +\|( {15})}}^~~~~~~{{$}}
// CHECK-NEXT: {{^ +\|( {15})}}num_cpus{{$}}
[[ray::remote(num_cpu = 2)]] int one() { return 1; }

// CHECK:      unknown_option.cc:[[@LINE+2]]:29: error: unknown option 'colour' [-Wray-unknown-option]
// CHECK-NOT:  did you mean
[[ray::remote(num_cpus = 1, colour = "red")]] int two() { return 2; }

// CHECK:      unknown_option.cc:[[@LINE+1]]:21: error: unknown option 'max_restart'; did you mean 'max_restarts'? [-Wray-unknown-option]
class [[ray::remote(max_restart = 2)]] Tracker {
 public:
  // CHECK:    unknown_option.cc:[[@LINE+1]]:17: error: unknown option 'concurency_group'; did you mean 'concurrency_group'? [-Wray-unknown-option]
  [[ray::method(concurency_group = io)]] int count() { return 0; }
};
// CHECK: 4 errors generated.
