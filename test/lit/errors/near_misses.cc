// What is meant is said of an annotation in the wrong place, of a class without one, of a lambda and
// of an actor that is taken for its object; never the library's own text.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F 'include/ray' %t
#include <ray/ray.h>

// CHECK: [[@LINE+2]]:21: error: 'ray::remote' does not apply to a type [-Wray-misplaced-annotation]
// CHECK: [[@LINE+1]]:21: note: it stands first in the declaration of a function, '{{\[\[}}ray::remote]] int f(int x)'
int behind(int x) [[ray::remote]] { return x; }
class [[ray::remote]] Near {
 public:
  int count() const { return 1; }
};
struct Other {};

void use() {
  // CHECK: [[@LINE+3]]:{{[0-9]+}}: error: no member named 'remote' in 'Other'{{$}}
  // CHECK-NOT: 'Near
  // CHECK: note: 'Other' is not a remote class: annotate it with
  Other::remote();
  auto lambda = [](int x) { return x; };
  // CHECK: [[@LINE+2]]:10: error: no member named 'remote'
  // CHECK: note: a lambda becomes a task where it is written: 'ray::remote([...](...) {...})'
  lambda.remote(1);
  // CHECK: [[@LINE+3]]:8: error: no viable conversion from 'ray::ActorHandle<Near>' to 'Near'
  // CHECK: note: an actor is held by its handle: 'ray::ActorHandle<Near>'
  // CHECK-NOT: note: candidate template
  Near near = Near::remote();
  // CHECK: [[@LINE+2]]:8: error: ray::remote takes a lambda
  // CHECK-NOT: note:
  ray::remote(behind);
}
// CHECK: 5 errors generated.
