// A generator is submitted as any task; its items come from its stream.
// RUN: %ray-cc --emit-graph %s > %t.graph
// RUN: FileCheck %s < %t.graph
// RUN: %ray-graph %t.graph | diff %t.graph -
#include <ray/ray.h>

[[ray::remote]] ray::Generator<int> count(int n) {
  for (int i = 0; i < n; ++i) co_yield i;
}
[[ray::remote]] int square(int x) { return x * x; }

// CHECK:      task @count("int") -> "ray::Generator<int>" at 7:37
// CHECK:      task @square("int") -> "int"

// CHECK:      function @items()
void items() {
  auto stream = count.remote(3);          // CHECK-NEXT: %stream = submit @count(3) at
  auto first = stream.next();
  auto nine = square.remote(*first);      // CHECK-NEXT: %nine = submit @square({{.*}}%stream
  for (const auto& item : stream) {       // CHECK-NEXT: loop at
    ray::get(square.remote(item));        // CHECK-NEXT: %1 = submit @square({%stream}) at
  }                                       // CHECK-NEXT: get %1 at
}
