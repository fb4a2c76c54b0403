// A ref that a coroutine awaits is read there, by name or as it is made.
// RUN: %ray-cc --emit-graph %s | FileCheck %s
#include <ray/ray.h>

[[ray::remote]] int work(int x) { return x; }
[[ray::remote]] ray::Task<int> chain(ray::ObjectRef<int> first) {
  auto second = work.remote(first);
  const int x = co_await second;
  co_return x + co_await work.remote(x);
}
// CHECK: %second = submit @work(%first) at 7:17
// CHECK: await %second at 8:17
// CHECK: %1 = submit @work(_) at 9:26
// CHECK: await %1 at 9:17
