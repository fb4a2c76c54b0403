// Notes stand at the user's declarations, and show the names that the user gave.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
#include <ray/ray.h>

namespace math {
[[ray::remote]] int square(int x) { return x * x; }
[[ray::remote]] double square(double x, double y) { return x * y; }
}  // namespace math

int main() {
  // CHECK: notes_name_the_user.cc:[[@LINE+5]]:3: error: no overload of remote function 'square' takes (const char[5]) [-Wray-wrong-argument]
  // CHECK-NEXT: math::square.remote("text");
  // CHECK-NEXT: {{^ +\|( +)}}^
  // CHECK: notes_name_the_user.cc:8:32: note: cannot pass 'const char[5]' to parameter 'x' of remote function 'square', which has type 'int'
  // CHECK: notes_name_the_user.cc:9:24: note: remote function 'square' takes 2 arguments, but is given 1
  math::square.remote("text");
}
// CHECK: 1 error generated.
