// What clang says of an annotated declaration it says once, and calls of it are no error of theirs.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=error:
#include <ray/ray.h>
#include <vector>

// CHECK: [[@LINE+1]]:26: error: unknown type name 'undeclared'
[[ray::remote]] int work(undeclared x);
// CHECK: [[@LINE+1]]:39: error: use of undeclared identifier 'nothing'
[[ray::remote]] int defaulted(int x = nothing);
class [[ray::remote]] Tracker {
 public:
  // CHECK: [[@LINE+1]]:20: error: unknown type name 'undeclared'
  explicit Tracker(undeclared x);
  // CHECK: [[@LINE+1]]:14: error: no template named 'vctor' in namespace 'std'; did you mean 'vector'?
  int f(std::vctor<int> v);
  // CHECK: [[@LINE+1]]:3: error: unknown type name 'undeclared'
  undeclared g(int x);
};
class [[ray::remote]] Hidden {
  Hidden() = default;
};

int main() {
  work.remote(1);
  defaulted.remote();
  auto tracker = Tracker::remote(1);
  tracker.g.remote(1);
  // CHECK: [[@LINE+2]]:11: error: no member named 'remote' in 'Hidden'
  // CHECK: note: 'Hidden' has no public constructor to make an actor with
  Hidden::remote();
}
// CHECK: 6 errors generated.
