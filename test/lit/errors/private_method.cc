// A handle offers what the class makes public.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

class [[ray::remote]] Tracker {
 public:
  int count() { return 0; }

 private:
  void reset() {}
};

int main() {
  auto tracker = Tracker::remote();
  tracker.count.remote();
  // CHECK: private_method.cc:[[@LINE+1]]:11: error: {{.*}}'reset'
  tracker.reset.remote();
}
// CHECK: 1 error generated.
