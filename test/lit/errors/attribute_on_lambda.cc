// A remote lambda is made by ray::remote(): an attribute on it would be ignored.
// RUN: not %ray-cc -std=c++23 -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK: attribute_on_lambda.cc:[[@LINE+2]]:25: error: 'ray::remote' does not apply to a lambda [-Wray-misplaced-annotation]
// CHECK: attribute_on_lambda.cc:[[@LINE+1]]:25: note: write 'ray::remote(lambda)', with '.options({...})' at the call
auto global = [] [[ray::remote(num_cpus = 2)]] (int x) { return x; };

int main() {
  // CHECK: attribute_on_lambda.cc:[[@LINE+1]]:42: error: 'ray::remote' does not apply to a lambda
  auto task = ray::remote([n = 1] [[ray::remote(num_cpus = 2)]] (int x) { return x + n; });
  // CHECK: attribute_on_lambda.cc:[[@LINE+1]]:28: error: 'ray::method' does not apply to a lambda
  auto generic = [] [[ray::method]] (auto x) { return x; };
  generic(1);
}
// CHECK: 3 errors generated.
