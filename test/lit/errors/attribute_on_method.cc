// The class is annotated, not its methods one by one.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

class Counter {
 public:
  // CHECK:      attribute_on_method.cc:[[@LINE+3]]:10: error: 'ray::remote' does not apply to a member function [-Wray-annotated-method]
  // CHECK-NEXT: {{^ *[0-9]+ \|}}   {{\[\[}}ray::remote]] int count() { return 0; }
  // CHECK-NEXT: {{^ +\|( {10})}}^~~~~~{{$}}
  [[ray::remote]] int count() { return 0; }
  // CHECK:      attribute_on_method.cc:5:7: note: it goes on the class: every public method of a remote class can be called remotely
};
// CHECK: 1 error generated.
