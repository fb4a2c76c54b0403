// A lambda whose captures cannot be taken apart says so once, at the call; so does one that does not
// take the arguments.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

struct Counter {
  int count = 0;
  void use() {
    // CHECK: lambda_captures.cc:[[@LINE+1]]:10: error: ray::remote takes a lambda
    ray::remote([this] { return count; });
    // CHECK: lambda_captures.cc:[[@LINE+1]]:10: error: ray::remote takes a lambda
    ray::remote([*this] { return count; });
    // CHECK: lambda_captures.cc:[[@LINE+1]]:10: error: ray::remote takes a lambda
    ray::remote([=, *this] { return count; });
  }
};

void use(int n) {
  // CHECK: lambda_captures.cc:[[@LINE+2]]:8: error: ray::remote takes a lambda that is written in the call and captures by value, as [=], [n, text] or, for a copy of the object, [self = *this] [-Wray-wrong-argument]
  // CHECK-NEXT: ray::remote([&n]
  ray::remote([&n](int x) { return n + x; });
  // CHECK: lambda_captures.cc:[[@LINE+1]]:8: error: ray::remote takes a lambda
  ray::remote([&](int x) { return n + x; });
  // CHECK: lambda_captures.cc:[[@LINE+1]]:8: error: ray::remote takes a lambda
  ray::remote([=, &n](int x) { return n + x; });
  auto lambda = [n](int x) { return n + x; };
  // CHECK: lambda_captures.cc:[[@LINE+1]]:8: error: ray::remote takes a lambda
  ray::remote(lambda);
  // CHECK: lambda_captures.cc:[[@LINE+1]]:24: error: ray::remote takes a lambda
  [](auto... a) { ray::remote([&... b = a](int x) { return (x + ... + b); }); }(n);
  // CHECK: lambda_captures.cc:[[@LINE+1]]:31: error: use of undeclared identifier 'undeclared'
  ray::remote([n, count = 1 + undeclared](int x) { return x; });
  // CHECK: lambda_captures.cc:[[@LINE+1]]:60: error: use of undeclared identifier 'not_declared'
  auto defaulted = ray::remote([=](int x) { return n + x + not_declared; });
  auto two = ray::remote([n](int x, int y) { return n + x + y; });
  auto generic = ray::remote([n](auto x) { return n + x; });
  // CHECK: [[@LINE+2]]:3: error: type 'ray::remote(...)' does not provide a call operator
  // CHECK: [[@LINE+1]]:3: note: a task is called by '.remote(...)'
  two(1, 2);
  // CHECK: lambda_captures.cc:[[@LINE+2]]:7: error: this lambda takes 2 arguments, but is given 1 [-Wray-wrong-argument]
  // CHECK-NEXT: two.remote(1);
  two.remote(1);
  // CHECK: lambda_captures.cc:[[@LINE+1]]:7: error: this lambda takes 2 arguments, but is given 3
  two.remote(1, 2, 3);
  // CHECK: lambda_captures.cc:[[@LINE+1]]:17: error: cannot pass 'const char[2]' to parameter 'y' of this lambda, which has type 'int'
  two.remote(1, "a");
  // CHECK: lambda_captures.cc:[[@LINE+1]]:11: error: this lambda takes 1 argument, but is given 0
  generic.remote();
}
// CHECK: 15 errors generated.
