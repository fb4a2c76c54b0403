// Of many overloads that do not do, a few are shown: the whole message has at most fifteen lines.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: count 13 < %t
#include <ray/ray.h>
// CHECK: [[@LINE+12]]:3: error: no overload of remote function 'sum' takes (const char[2]) [-Wray-wrong-argument]
// CHECK: [[@LINE+1]]:29: note: cannot pass 'const char[2]' to parameter 'a' of remote function 'sum', which has type 'int'
[[ray::remote]] int sum(int a) { return 1; }
// CHECK: [[@LINE+1]]:21: note: remote function 'sum' takes 2 arguments, but is given 1
[[ray::remote]] int sum(int a, int b) { return 1; }
[[ray::remote]] int sum(int a, int b, int c) { return 1; }
[[ray::remote]] int sum(int a, int b, int c, int d) { return 1; }
[[ray::remote]] int sum(int a, int b, int c, int d, int e) { return 1; }

void call() {
  // CHECK: [[@LINE+2]]:3: note: and 3 other overloads
  // CHECK: 1 error generated.
  sum.remote("x");
}
