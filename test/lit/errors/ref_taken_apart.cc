// What the library's classes are made of is nobody's business: a ref in a structured binding is one
// error, and so is a ref to something else.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E 'cell_|remove_cvref|union' %t
#include <ray/ray.h>
#include <string>
#include <utility>

[[ray::remote]] std::pair<int, int> two(int x) { return {x, x}; }
class [[ray::remote]] Tracker {
 public:
  int count() const { return 1; }
};

void use(ray::ActorHandle<Tracker> tracker) {
  // CHECK: [[@LINE+2]]:8: error: 'ray::ObjectRef<std::pair<int, int>>' cannot be decomposed
  // CHECK: [[@LINE+1]]:8: note: it is a ref: 'ray::get(...)' waits for its value
  auto [x, y] = two.remote(1);
  // CHECK: [[@LINE+1]]:9: error: 'ray::ObjectRef<int>' cannot be decomposed
  auto [z] = tracker.count.remote();
  // CHECK: [[@LINE+2]]:8: error: 'ray::ActorHandle<Tracker>' cannot be decomposed
  // CHECK-NOT: note:
  auto [a, b] = tracker;
  // CHECK: [[@LINE+1]]:31: error: no viable conversion from 'ray::ObjectRef<int>' to 'ray::ObjectRef<std::string>'
  ray::ObjectRef<std::string> text = tracker.count.remote();
}
// CHECK: 4 errors generated.
