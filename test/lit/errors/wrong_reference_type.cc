// A ref stands for a value of its type, and for no other.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
#include <ray/ray.h>
#include <string>
#include <vector>

[[ray::remote]] std::string name(int x) { return {}; }
[[ray::remote]] int sum(const std::vector<int>& values) { return 0; }

int main() {
  // CHECK: wrong_reference_type.cc:[[@LINE+1]]:3: error: no matching function for call to 'name.remote'
  name.remote(name.remote(1));
  // CHECK: wrong_reference_type.cc:[[@LINE+1]]:3: error: no matching function for call to 'sum.remote'
  sum.remote(std::vector{name.remote(1)});
  // CHECK-NOT: error:
  sum.remote(std::vector{sum.remote(std::vector{1, 2})});
}
// CHECK: 2 errors generated.
