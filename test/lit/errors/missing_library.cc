// The library has to be included, and that above the first annotation.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
// RUN: not %ray-cc -fsyntax-only -DLATE %s 2>&1 | FileCheck %s

// CHECK: missing_library.cc:[[@LINE+3]]:21: error: 'ray::remote' needs the library: #include <ray/ray.h> is missing [-Wray-missing-library]
// CHECK: note: write it above the first annotation
// CHECK: 1 error generated.
[[ray::remote]] int work(int x) { return x; }
#ifdef LATE
#include <ray/ray.h>
#endif
