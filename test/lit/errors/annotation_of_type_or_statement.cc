// Where C++ gives an attribute to something else, to a type, a statement, a base, a name, or to
// nothing, an annotation is an error of ours, which says where that annotation stands.
// RUN: not %ray-cc -fsyntax-only -Wno-cxx-attribute-extension -ferror-limit=0 %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E "cannot be applied|attribute list cannot" %t
#include <ray/ray.h>
namespace other {
int f(int);
}

// CHECK:      annotation_of_type_or_statement.cc:[[@LINE+4]]:7: error: 'ray::remote' does not apply to a type [-Wray-misplaced-annotation]
// CHECK-NEXT: int
// CHECK-NEXT: ^
// CHECK-NEXT: annotation_of_type_or_statement.cc:[[@LINE+1]]:7: note: it stands first in the declaration of a function, '{{\[\[}}ray::remote]] int f(int x)', or before the name of a class, 'class {{\[\[}}ray::remote]] C'
int [[ray::remote]] before_name(int x) { return x; }
// CHECK: :[[@LINE+1]]:13: error: 'ray::remote' does not apply to a type [-Wray-misplaced-annotation]
int [[using ray: remote]] by_using(int x) { return x; }
// CHECK: :[[@LINE+1]]:32: error: 'ray::remote' does not apply to a type [-Wray-misplaced-annotation]
int behind_parameters(int x) [[ray::remote(num_cpus = 2)]] { return x; }
struct [[ray::remote]] Actor {
  // CHECK: :[[@LINE+2]]:18: error: 'ray::method' does not apply to a type [-Wray-misplaced-annotation]
  // CHECK: note: it stands first in the declaration of a remote class's method: '{{\[\[}}ray::method(...)]] int m(int x)'
  int m(int x) [[ray::method(num_returns = 1)]] { return x; }
};
struct Data {
  // CHECK: :[[@LINE+2]]:9: error: 'ray::transient' does not apply to a type [-Wray-misplaced-annotation]
  // CHECK: note: it stands first in the declaration of a field: '{{\[\[}}ray::transient]] int x'
  int [[ray::transient]] cache;
};
// CHECK: :[[@LINE+1]]:20: error: 'ray::remote' does not apply to a base class [-Wray-misplaced-annotation]
struct Derived : [[ray::remote]] Data {};
// CHECK: :[[@LINE+2]]:23: error: 'ray::remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
// CHECK: note: it stands first
void parameter([[ray::remote]] int x) {}
// CHECK: :[[@LINE+1]]:26: error: 'ray::remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
enum Colour { red [[ray::remote]] };
// CHECK: :[[@LINE+1]]:18: error: 'ray::remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
namespace [[ray::remote]] inner {}
// CHECK: :[[@LINE+1]]:8: error: 'ray::remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
[[ray::remote]] using other::f;
// CHECK: :[[@LINE+1]]:8: error: 'ray::remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
[[ray::remote]] using namespace other;
// CHECK: :[[@LINE+1]]:8: error: 'ray::remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
[[ray::remote]];
// CHECK: :[[@LINE+2]]:1: error: 'ray::remote' cannot stand here [-Wray-misplaced-annotation]
// CHECK: note: it stands first in the declaration of a function
[[ray::remote]] extern "C" int g(int);
// CHECK: :[[@LINE+1]]:1: error: 'ray::remote' cannot stand here [-Wray-misplaced-annotation]
[[using ray: remote]] using Number = int;
// CHECK: :[[@LINE+1]]:27: error: 'ray::remote' does not apply to a type [-Wray-misplaced-annotation]
auto lambda = [](int x) [[ray::remote]] { return x; };

void body(int x) {
  // CHECK: :[[@LINE+2]]:5: error: 'ray::remote' does not apply to a statement [-Wray-misplaced-annotation]
  // CHECK: note: it stands first in the declaration of a function
  [[ray::remote(num_cpus = 1)]] x = 1;
  // CHECK: :[[@LINE+1]]:5: error: 'ray::method' does not apply to a statement [-Wray-misplaced-annotation]
  [[ray::method]] while (x > 0) --x;
  // CHECK: :[[@LINE+1]]:5: error: 'ray::transient' does not apply to a statement [-Wray-misplaced-annotation]
  [[ray::transient]];
  // CHECK: :[[@LINE+1]]:10: error: 'ray::remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
  [[ray::remote]] label : return;
}
// CHECK: 19 errors generated.
