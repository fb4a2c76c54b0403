// [[ray::remote]] goes on functions and classes, [[ray::method]] on their methods.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK: attribute_in_wrong_place.cc:[[@LINE+1]]:8: error: '{{(ray::)?}}remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
[[ray::remote]] int global = 1;

// CHECK: attribute_in_wrong_place.cc:[[@LINE+1]]:8: error: '{{(ray::)?}}method' attribute only applies to member functions [-Wray-misplaced-annotation]
[[ray::method]] int function() { return 1; }

// CHECK: attribute_in_wrong_place.cc:[[@LINE+1]]:13: error: '{{(ray::)?}}remote' attribute only applies to functions and classes [-Wray-misplaced-annotation]
enum [[ray::remote]] Colour { red };

// CHECK: attribute_in_wrong_place.cc:[[@LINE+1]]:3: warning: unknown attribute 'remote' ignored
[[remote]] int unscoped() { return 1; }
// CHECK: 1 warning and 3 errors generated.
