// An address means nothing in another process.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      raw_pointer_parameter.cc:[[@LINE+2]]:40: error: parameter 'text' of remote function 'length' is a raw pointer: it cannot reach into another process [-Wray-raw-pointer]
// CHECK:      note: take a value, a 'const T&' or a 'std::span<const T>'
[[ray::remote]] int length(const char* text) { return 0; }

// CHECK:      raw_pointer_parameter.cc:[[@LINE+1]]:17: error: remote function 'first' returns a raw pointer
[[ray::remote]] int* first(int value) { return nullptr; }
// CHECK:      raw_pointer_parameter.cc:[[@LINE+3]]:41: error: remote function 'last' returns a raw pointer
// CHECK-NEXT: last(int value)
// CHECK-NEXT: {{\| +\^~~~$}}
[[ray::remote]] auto last(int value) -> int*;
// CHECK: 3 errors generated.
