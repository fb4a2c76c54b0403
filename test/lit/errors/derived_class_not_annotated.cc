// A class derived from an actor class is one only if annotated itself: `remote` makes no base.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

class [[ray::remote]] Base {
 public:
  int id() { return 1; }
};
class Plain : public Base {};
class [[ray::remote]] Derived : public Base {};

int main() {
  // CHECK: derived_class_not_annotated.cc:[[@LINE+1]]:16: error: {{.*}}'Plain'{{.*}} [-Wray-base-not-remote]
  auto wrong = Plain::remote();
  // CHECK-NOT: error:
  auto right = Derived::remote();
  right.id.remote();
}
