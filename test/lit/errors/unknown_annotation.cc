// An attribute that would be ignored, because there is none of that name, is an error.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      unknown_annotation.cc:[[@LINE+4]]:8: error: unknown attribute 'ray::remot'; did you mean 'ray::remote'? [-Wray-unknown-annotation]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {8})}}^~~~~{{$}}
// CHECK-NEXT: {{^ +\|( {8})}}remote{{$}}
[[ray::remot]] int work(int x) { return x; }
// CHECK: :[[@LINE+1]]:25: error: unknown attribute 'ray::actor' [-Wray-unknown-annotation]
class [[nodiscard, ray::actor(num_cpus = 1)]] Tracker {
  // CHECK: :[[@LINE+1]]:10: error: unknown attribute 'ray::transiant'; did you mean 'ray::transient'?
  [[ray::transiant]] int kept_ = 0;
};
// CHECK: :[[@LINE+1]]:14: error: unknown attribute 'ray::remot'; did you mean 'ray::remote'?
[[using ray: remot]] int other(int x);
// CHECK: 4 errors generated.
