// Options of a method that nobody can call remotely would be ignored: an error.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

struct Plain {
  // CHECK: method_options_in_wrong_place.cc:[[@LINE+2]]:10: error: 'ray::method' means nothing here: 'x' is not a method of a remote class [-Wray-misplaced-annotation]
  // CHECK: method_options_in_wrong_place.cc:5:8: note: annotate 'Plain' with {{\[\[}}ray::remote]]
  [[ray::method(max_task_retries = 2)]] int x() { return 1; }
};
struct Base {
  [[ray::method(max_task_retries = 2)]] int inherited() { return 1; }
};
class [[ray::remote]] Tracker : public Base {
  // CHECK: :[[@LINE+2]]:10: error: 'ray::method' means nothing here: 'hidden' cannot be called remotely
  // CHECK: :[[@LINE+1]]:45: note: only public, non-static methods can
  [[ray::method(max_task_retries = 2)]] int hidden() { return 1; }

 public:
  // CHECK: :[[@LINE+1]]:10: error: 'ray::method' means nothing here: 'several'
  [[ray::method(max_task_retries = 2)]] static int several() { return 1; }
  [[ray::method(max_task_retries = 2)]] int called();
  int later();
};
int Tracker::called() { return 1; }
// CHECK: :[[@LINE+5]]:8: error: 'ray::method' must be on the declaration of 'later' in its class [-Wray-late-annotation]
// CHECK: :[[@LINE-4]]:7: note: that is here: move the attribute to it
// CHECK-NEXT: int later();
// CHECK-NEXT: ^
// CHECK-NEXT: {{^ +\|   }}{{\[\[}}ray::method(max_task_retries = 2)]] {{$}}
[[ray::method(max_task_retries = 2)]] int Tracker::later() { return 1; }
// CHECK: 4 errors generated.
