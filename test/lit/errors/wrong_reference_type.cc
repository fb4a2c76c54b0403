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
  // CHECK: wrong_reference_type.cc:[[@LINE+1]]:{{[0-9]+}}: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'x' of remote function 'name', which has type 'int' [-Wray-wrong-argument]
  name.remote(name.remote(1));
  // CHECK: wrong_reference_type.cc:[[@LINE+1]]:{{[0-9]+}}: error: cannot pass 'std::vector<ray::ObjectRef<std::string>>' to parameter 'values' of remote function 'sum', which has type 'const std::vector<int> &'
  sum.remote(std::vector{name.remote(1)});
  // CHECK-NOT: error:
  sum.remote(std::vector{sum.remote(std::vector{1, 2})});
}
// CHECK: 2 errors generated.
