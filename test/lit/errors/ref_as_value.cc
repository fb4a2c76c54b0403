// A ref stands where its value is needed: messages know it by its type, and say what is missing.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F 'internal::' %t
#include <ray/ray.h>
#include <iostream>
#include <string>
#include <vector>

[[ray::remote]] int work(int x) { return x; }
[[ray::remote]] std::string text(int x) { return {}; }
int plain(int array_size) { return array_size; }

int main() {
  // CHECK: [[@LINE+2]]:7: error: no viable conversion from 'ray::ObjectRef<int>' to 'int'
  // CHECK: [[@LINE+1]]:7: note: it is a ref: 'ray::get(...)' waits for its value
  int a = work.remote(1);
  // CHECK: [[@LINE+2]]:{{[0-9]+}}: error: invalid operands to binary expression ('ray::ObjectRef<int>' and 'int')
  // CHECK: note: it is a ref
  auto b = work.remote(1) + 1;
  // CHECK: [[@LINE+3]]:{{[0-9]+}}: error: invalid operands {{.*}} 'ray::ObjectRef<std::string>')
  // CHECK: note: it is a ref
  // CHECK-NOT: note:
  std::cout << text.options({}).remote(1);
  // CHECK: [[@LINE+2]]:{{[0-9]+}}: error: no member named 'size' in 'ray::ObjectRef<std::string>'
  // CHECK: note: it is a ref
  text.remote(1).size();
  // CHECK: [[@LINE+3]]:3: error: no matching function for call to 'plain'
  // CHECK: 12:5: note: candidate function not viable: no known conversion from 'ray::ObjectRef<int>' to 'int' for 1st argument
  // CHECK: [[@LINE+1]]:3: note: it is a ref
  plain(work.remote(1));
  // CHECK: [[@LINE+2]]:{{[0-9]+}}: error: no viable conversion from 'int' to 'ray::ObjectRef<int>'
  // CHECK-NOT: note:
  ray::ObjectRef<int> c = 1;
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: error: no matching constructor
  std::vector<ray::ObjectRef<double>> d{work.remote(1)};
}
// CHECK-NOT: note: it is a ref
// CHECK: 7 errors generated.
