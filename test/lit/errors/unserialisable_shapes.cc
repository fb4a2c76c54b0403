// Classes whose shape keeps them from being stored say so, at the place.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <string>

struct Base { int id = 0; };
// CHECK: unserialisable_shapes.cc:[[@LINE+3]]:26: error: 'Diamond' has the virtual base 'Base', which cannot be serialised
// CHECK-NEXT: struct Diamond : virtual Base {};
// CHECK: note: it may be part of several bases and would be stored by each: give 'Diamond' cereal functions or a ray::codec
struct Diamond : virtual Base {};
[[ray::remote]] int one(Diamond d);

struct Choice {
  Choice();
  ~Choice();
  int kind = 0;
  // CHECK: unserialisable_shapes.cc:[[@LINE+1]]:3: error: the anonymous union of 'Choice' is a union whose member 'text' is more than its bytes, which cannot be serialised
  union {
    std::string text;
    double number;
  };
};
[[ray::remote]] Choice two();

union Raw { int* pointer; int number; };
// CHECK: unserialisable_shapes.cc:[[@LINE+1]]:21: error: field 'Holder::raw' is a union with the raw pointer 'pointer', which cannot be serialised
struct Holder { Raw raw; };
[[ray::remote]] int three(const Holder& holder);

// CHECK: unserialisable_shapes.cc:[[@LINE+1]]:26: error: field 'Fixed::size' is const, which cannot be serialised
struct Fixed { const int size = 1; };
[[ray::remote]] int four(Fixed fixed);
// CHECK: 4 errors generated.
