// What takes a ref says what it was given instead, and not why each overload would not do.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s --implicit-check-not=note: < %t
#include <ray/ray.h>
#include <vector>

[[ray::remote]] int work(int x) { return x; }
class [[ray::remote]] Tracker {};

int main() {
  auto tracker = Tracker::remote();
  // CHECK: [[@LINE+1]]:12: error: ray::get takes a ray::ObjectRef, or a std::vector of them, not 'ray::ActorHandle<Tracker>' [-Wray-wrong-argument]
  ray::get(tracker);
  // CHECK: [[@LINE+1]]:12: error: ray::get takes {{.*}}, not 'int (int)'
  ray::get(work);
  // CHECK: [[@LINE+1]]:12: error: ray::get takes {{.*}}, not 'std::vector<int>'
  ray::get(std::vector<int>{});
  // CHECK: [[@LINE+2]]:12: error: ray::get takes {{.*}}, not a list in braces
  // CHECK: note: write 'std::vector{...}'
  ray::get({work.remote(1)});
  // CHECK: [[@LINE+1]]:13: error: ray::wait takes a std::vector of ray::ObjectRef, not 'ray::ObjectRef<int>'
  ray::wait(work.remote(1));
  // CHECK: [[@LINE+1]]:13: error: ray::kill takes a ray::ActorHandle, not 'ray::ObjectRef<int>'
  ray::kill(work.remote(1));
  std::vector<ray::ObjectRef<int>> refs;
  // CHECK: [[@LINE+1]]:18: error: ray::get takes a duration as its timeout: 5s, not 'int' [-Wray-wrong-argument]
  ray::get(refs, 5);
  // CHECK: [[@LINE+1]]:19: error: ray::wait takes its options by their names: {.num_returns = 1, .timeout = 5s}, not 'int'
  ray::wait(refs, 2);
  // CHECK: [[@LINE+1]]:21: error: field designator 'num_return' does not refer to any field in type {{.*}}; did you mean 'num_returns'?
  ray::wait(refs, {.num_return = 1});
}
// CHECK: 9 errors generated.
