// A lambda whose captures cannot be taken apart says so once, at the call; so does one that does not
// take the arguments.
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
  // CHECK: lambda_captures.cc:[[@LINE+1]]:24: error: ray::remote takes a lambda
  [](auto... a) { ray::remote([&... b = a](int x) { return (x + ... + b); }); }(n);
  auto two = ray::remote([n](int x, int y) { return n + x + y; });
  auto generic = ray::remote([n](auto x) { return n + x; });
  // CHECK: lambda_captures.cc:[[@LINE+2]]:7: error: this lambda cannot be called with these arguments
  // CHECK-NEXT: two.remote(1);
  two.remote(1);
  // CHECK: lambda_captures.cc:[[@LINE+1]]:7: error: this lambda cannot be called with these arguments
  two.remote(1, 2, 3);
  // CHECK: lambda_captures.cc:[[@LINE+1]]:11: error: this lambda cannot be called with these arguments
  generic.remote();
}
// CHECK: 7 errors generated.
