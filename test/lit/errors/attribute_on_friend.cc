// A friend declaration makes no name visible, so nothing could stand beside it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

struct Point {
  int x;
  // CHECK: attribute_on_friend.cc:[[@LINE+3]]:10: error: 'ray::remote' does not apply to a friend declaration
  // CHECK-NEXT:   [{{\[}}ray::remote]] friend int norm(Point point) { return point.x; }
  // CHECK: note: declare the function outside of the class, with the attribute
  [[ray::remote]] friend int norm(Point point) { return point.x; }
  friend int twice(Point point);
};
[[ray::remote]] int twice(Point point) { return 2 * point.x; }
auto use() { return twice.remote(Point{1}); }
// CHECK: 1 error generated.
