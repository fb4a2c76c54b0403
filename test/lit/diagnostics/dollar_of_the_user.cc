// A '$' in the user's own texts and names stays.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

[[ray::remote]] int work(int x) { return x; }
// CHECK: warning: see $HOME/readme, or $5 of it
#warning see $HOME/readme, or $5 of it
// CHECK: error: static assertion failed{{.*}}: needs $PATH
static_assert(sizeof(int) == 8, "needs $PATH");
int price$eur = 1;
// CHECK: error: use of undeclared identifier 'price$usd'; did you mean 'price$eur'?
int main() { price$usd = 2; }
