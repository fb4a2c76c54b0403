// A lambda whose captures cannot be taken apart says so once, at the call.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

void use(int n) {
  // CHECK: lambda_captures.cc:[[@LINE+2]]:8: error: ray::remote takes a lambda that is written in the call and names each of its captures by value: ray::remote([n, text](int x) { ... })
  // CHECK-NEXT: ray::remote([&n]
  ray::remote([&n](int x) { return n + x; });
  // CHECK: lambda_captures.cc:[[@LINE+1]]:8: error: ray::remote takes a lambda
  ray::remote([=](int x) { return n + x; });
  auto lambda = [n](int x) { return n + x; };
  // CHECK: lambda_captures.cc:[[@LINE+1]]:8: error: ray::remote takes a lambda
  ray::remote(lambda);
}
// CHECK: 3 errors generated.
