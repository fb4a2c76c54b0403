// A handle offers what the class makes public.
// RUN: not %ray-cc -std=c++23 -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

class [[ray::remote]] Tracker {
 public:
  int count() { return 0; }
  int of(this const Tracker& self, int x) { return self.hidden_ + x; }

 private:
  void reset() {}
  int hidden_ = 0;
};

int main() {
  auto tracker = Tracker::remote();
  tracker.count.remote();
  // CHECK: private_method.cc:[[@LINE+1]]:11: error: {{.*}}'reset'
  tracker.reset.remote();
  // CHECK: private_method.cc:[[@LINE+1]]:11: error: {{.*}}'of'
  tracker.of.remote(1);
}
// CHECK: 2 errors generated.
