// A declaration with an error has that one: nothing is said of what is generated beside it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=error:
#include <ray/ray.h>
#include <vector>

// CHECK: unknown_name_in_declaration.cc:[[@LINE+1]]:25: error: unknown type name 'Itm'
[[ray::remote]] int one(Itm x);
// CHECK: :[[@LINE+1]]:33: error: use of undeclared identifier 'limit'
[[ray::remote]] int two(int x = limit);
class [[ray::remote]] Actor {
 public:
  // CHECK: :[[@LINE+1]]:18: error: unknown type name 'Itm'
  explicit Actor(Itm x);
  // CHECK: :[[@LINE+1]]:16: error: no template named 'vctor' in namespace 'std'; did you mean 'vector'?
  int add(std::vctor<int> v) { return v[0]; }
};
// CHECK: 4 errors generated.
