// Before a class, C++ gives an attribute to the variables that follow it: where there are none, to nothing.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK: attribute_before_class.cc:[[@LINE+2]]:8: error: 'ray::remote' before 'class' does not apply to the class [-Wray-misplaced-annotation]
// CHECK: note: write 'class {{\[\[ray::remote\]\]}} Counter'
[[ray::remote(num_cpus = 1)]] class Counter {};

struct Outer {
  // CHECK: attribute_before_class.cc:[[@LINE+1]]:10: error: 'ray::remote' before 'struct' does not apply to the class
  [[ray::remote]] struct Inner {};

  // CHECK: attribute_before_class.cc:[[@LINE+2]]:27: error: 'ray::transient' does not apply to an anonymous union [-Wray-misplaced-annotation]
  // CHECK: note: C++ knows no attributes of one: give it a name
  [[maybe_unused]] [[ray::transient]] union {
    int number;
    float fraction;
  };
  [[ray::transient]] struct Part { int* cache; } part;
};
[[ray::remote]] int work(Outer outer);
// CHECK: 3 errors generated.
