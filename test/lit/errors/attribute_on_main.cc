// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK: attribute_on_main.cc:[[@LINE+1]]:8: error: 'main' cannot be a remote function [-Wray-annotated-main]
[[ray::remote]] int main() { return 0; }
// CHECK: 1 error generated.
