// A remote lambda is known by its place: one that a macro repeats is refused, two in one are not.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

#define TWICE(x) x, x
#define TWO ray::remote([](int x) { return x + 1; }), ray::remote([](int x) { return x + 2; })

template <class... T>
void take(T...) {}

void use() {
  // CHECK: repeated_lambda.cc:[[@LINE+1]]:8: error: a macro writes a remote lambda twice here: the two cannot be told apart [-Wray-macro-declaration]
  take(TWICE(ray::remote([](int x) { return x; })));
  // CHECK: note: it is this lambda: write it out for each of its tasks
  take(TWO);
}
// CHECK: 1 error generated.
