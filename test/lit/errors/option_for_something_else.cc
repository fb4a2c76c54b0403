// An option stands on what it applies to: functions, classes or methods.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      option_for_something_else.cc:[[@LINE+4]]:15: error: option 'max_restarts' is for classes, not for functions; did you mean 'max_retries'? [-Wray-option-target]
// CHECK-NEXT: {{^ *[0-9]+ \| .*max_restarts = 3}}
// CHECK-NEXT: {{^ +\|( {15})}}^~~~~~~~~~~~{{$}}
// CHECK-NEXT: {{^ +\|( {15})}}max_retries{{$}}
[[ray::remote(max_restarts = 3)]] int one() { return 1; }

// CHECK:      :[[@LINE+1]]:21: error: option 'max_calls' is for functions, not for classes; did you mean 'max_pending_calls'? [-Wray-option-target]
class [[ray::remote(max_calls = 3)]] Tracker {
 public:
  // CHECK:    :[[@LINE+1]]:17: error: option 'num_cpus' is for functions and classes, not for methods [-Wray-option-target]
  [[ray::method(num_cpus = 2)]] int count() { return 0; }
};

// CHECK:      :[[@LINE+1]]:15: error: option 'concurrency_group' is for methods, not for functions [-Wray-option-target]
[[ray::remote(concurrency_group = io)]] int two() { return 2; }

// CHECK:      :[[@LINE+1]]:53: error: 'concurrency_groups' does not apply to an async class, which runs on one thread [-Wray-option-target]
class [[ray::remote(concurrency_groups = {io: 2})]] Crawler {
 public:
  // CHECK:    :[[@LINE+1]]:18: note: 'Crawler' is async because 'fetch' returns a ray::Task: leave the option out, or return a plain value
  ray::Task<int> fetch(int page) { co_return page; }
};
// CHECK: 5 errors generated.
