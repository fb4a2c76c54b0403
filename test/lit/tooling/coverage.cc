// Coverage by --coverage counts the user's lines, those of remote bodies among them.
// UNSUPPORTED: sanitized
// RUN: rm -rf %t && mkdir %t && cd %t && cp %s coverage.cc
// RUN: %ray-cc --coverage -O0 coverage.cc -o app && env RAY_ENGINE=local ./app
// RUN: llvm-cov gcov -m -t app-coverage.gcda > app.gcov && FileCheck %s < app.gcov
#include <ray/ray.h>

[[ray::remote]] int pick(int x) {
  if (x > 100) {
    return 100;
  }
  return x;
}

int main() {
  ray::init();
  for (int i = 0; i < 3; ++i) ray::get(pick.remote(i));
}

// CHECK: Source:coverage.cc
// CHECK: {{^ +}}3:    9:  if (x > 100) {
// CHECK: {{^ +}}#####:   10:    return 100;
// CHECK: {{^ +}}3:   12:  return x;
// CHECK: {{^ +}}1:   16:  ray::init();
