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
void use_lambdas(int n) {
  auto three = ray::put(3);
  auto move = ray::remote([n](const Point& by, int times) { return by.x * times + n; });
  // CHECK:      braces_beside_ref.cc:[[@LINE+2]]:15: error: a list in braces beside a ref needs its type in a call of this lambda [-Wray-wrong-argument]
  // CHECK:      braces_beside_ref.cc:[[@LINE-2]]:44: note: write 'Point{...}' for this parameter
  move.remote({1, 2}, three);
  // CHECK:      braces_beside_ref.cc:[[@LINE+1]]:8: error: this lambda takes 2 arguments, but is given 1
  move.remote({1, 2});
  auto first = ray::remote([n](auto list) { return list[0] + n; });
  // CHECK:      braces_beside_ref.cc:[[@LINE+2]]:16: error: a list in braces needs its type in a call of this lambda
  // CHECK:      braces_beside_ref.cc:[[@LINE-2]]:37: note: this parameter has the type of what it is given
  first.remote({1, 2});
}
// CHECK: 4 errors generated.
