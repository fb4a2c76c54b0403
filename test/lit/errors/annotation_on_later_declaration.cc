// The first declaration decides, since calls may already stand between.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

int square(int x);
// CHECK: annotation_on_later_declaration.cc:[[@LINE+2]]:8: error: 'ray::remote' must be on the first declaration of 'square' [-Wray-late-annotation]
// CHECK: annotation_on_later_declaration.cc:[[@LINE-2]]:5: note: the first declaration is here: move the attribute to it
[[ray::remote]] int square(int x) { return x * x; }

[[ray::remote]] int cube(int x);
[[ray::remote]] int cube(int x) { return x * x * x; }

// The fix-it puts it where attributes of a declaration stand.
template <class T>
static inline T twice(T x);
// CHECK: annotation_on_later_declaration.cc:[[@LINE-1]]:17: note: the first declaration is here: move the attribute to it
// CHECK-NEXT: static inline T twice(T x);
// CHECK-NEXT: {{^ +\| +\^$}}
// CHECK-NEXT: {{^ +\| }}{{\[\[}}ray::remote(num_cpus = 2, name = "n")]] {{$}}
template <class T>
[[ray::remote(num_cpus = 2, name = "n")]] T twice(T x) { return x; }

struct Numbers { [[nodiscard]] static int one(); };
// CHECK: annotation_on_later_declaration.cc:[[@LINE-1]]:43: note:
// CHECK: {{^ +\|                                ..}}ray::remote]] {{$}}
[[ray::remote]] int Numbers::one() { return 1; }

#define DECLARED int from_macro(int x)
DECLARED;
// CHECK: error: 'ray::remote' must be on the first declaration of 'from_macro'
// CHECK-NOT: ray::remote]] {{$}}
[[ray::remote]] int from_macro(int x) { return x; }
// CHECK: 4 errors generated.
