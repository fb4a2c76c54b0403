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
  // CHECK: notes_name_the_user.cc:[[@LINE+5]]:{{[0-9]+}}: error: no matching function for call to 'square.remote'
  // CHECK-NEXT: math::square.remote("text");
  // CHECK-NEXT: {{^ +\|( +)}}^
  // CHECK: notes_name_the_user.cc:8:{{[0-9]+}}: note: candidate
  // CHECK: notes_name_the_user.cc:9:{{[0-9]+}}: note: candidate
  math::square.remote("text");
}
// CHECK: 1 error generated.
