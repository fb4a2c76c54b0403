// What a handle does not have: a method misspelt, called without `.remote`, or that is no actor's.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
// RUN: not %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
#include <ray/ray.h>

class [[ray::remote]] Tracker {
 public:
  int count() const { return 1; }
  static int limit(int x) { return x; }
  int field = 0;

 private:
  void reset() {}
};

int main() {
  auto tracker = Tracker::remote();
  // CHECK: [[@LINE+3]]:11: error: no member named 'cuont' in 'ray::ActorHandle<Tracker>'
  // CHECK: [[@LINE+2]]:11: note: did you mean 'count'?
  // FIX: fix-it:"{{.*}}missing_method.cc":{[[@LINE+1]]:11-[[@LINE+1]]:16}:"count"
  tracker.cuont.remote();
  // CHECK: note: a method of an actor is called by '.count.remote(...)'
  tracker.count();
  // CHECK: note: 'limit' is static, and no actor's: call 'Tracker::limit(...)'
  tracker.limit.remote(1);
  // CHECK: note: 'field' is a variable: a handle has the methods of its actor only
  tracker.field;
  // CHECK: note: 'reset' is not public: only public methods can be called remotely
  tracker.reset.remote();
  // CHECK-NOT: note:
  tracker.something.remote();
}
// CHECK: 6 errors generated.
