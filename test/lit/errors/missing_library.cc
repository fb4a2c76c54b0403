// The library has to be included.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s

// CHECK: missing_library.cc:[[@LINE+2]]:21: error: 'ray::remote' needs the library: #include <ray/ray.h> is missing [-Wray-missing-library]
// CHECK: note: write it above the first annotation
[[ray::remote]] int work(int x) { return x; }
