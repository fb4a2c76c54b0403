// The first declaration decides, since calls may already stand between.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

int square(int x);
// CHECK: annotation_on_later_declaration.cc:[[@LINE+2]]:8: error: 'ray::remote' must be on the first declaration of 'square' [-Wray-late-annotation]
// CHECK: annotation_on_later_declaration.cc:[[@LINE-2]]:5: note: the first declaration is here: move the attribute to it
[[ray::remote]] int square(int x) { return x * x; }

[[ray::remote]] int cube(int x);
[[ray::remote]] int cube(int x) { return x * x * x; }
// CHECK: 1 error generated.
