// Braces take their type from the parameter; beside a ref a function is chosen by types, and they need
// one. A method that alone takes so many arguments needs none.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
#include <ray/ray.h>
#include <utility>
#include <vector>

struct Point {
  int x, y;
};
[[ray::remote]] int scaled(const Point& point, int by) { return point.x * by; }
class [[ray::remote]] Plane {
 public:
  int move(Point by, int times) { return by.x * times; }
};

void use(ray::ActorHandle<Plane> plane) {
  auto three = ray::put(3);
  // CHECK:      braces_beside_ref.cc:[[@LINE+3]]:17: error: a list in braces beside a ref needs its type in a call of remote function 'scaled' [-Wray-wrong-argument]
  // CHECK:      scaled.remote({1, 2}, three);
  // CHECK:      braces_beside_ref.cc:13:41: note: write 'Point{...}' for this parameter
  scaled.remote({1, 2}, three);
  plane.move.remote({1, 2}, three);
  scaled.remote(Point{1, 2}, three);
  plane.move.remote(Point{1, 2}, three);
}
// CHECK: 1 error generated.
