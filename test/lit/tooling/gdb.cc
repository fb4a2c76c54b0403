// gdb stops at the user's line in a remote body, shows what is there by the user's names, and steps
// to the user's next line.
// UNSUPPORTED: sanitized
// REQUIRES: gdb
// RUN: %ray-cc -g -O0 %s -o %t
// RUN: env RAY_ENGINE=local gdb -nx -batch -iex "set debuginfod enabled off" -ex "break gdb.cc:18" -ex run -ex "print x" -ex next -ex "print squared" -ex step -ex "backtrace 2" %t 2>&1 | FileCheck %s
// RUN: llvm-symbolizer --obj=%t _Z6squarei 2>&1 | FileCheck %s --check-prefix=SYMBOL
#include <ray/ray.h>

#include <iostream>

int plus_one(int x) {
  return x + 1;
}

[[ray::remote(num_cpus = 0.5)]]
int square(int x) {
  int squared = x * x;
  return plus_one(squared);
}

int main() {
  ray::init();
  std::cout << ray::get(square.remote(6)) << '\n';
}

// CHECK: hit Breakpoint 1, square (x=6) at {{.*}}gdb.cc:18
// CHECK-NEXT: 18{{[[:space:]]+}}int squared = x * x;
// CHECK: $1 = 6
// CHECK: 19{{[[:space:]]+}}return plus_one(squared);
// CHECK: $2 = 36
// CHECK: plus_one (x=36) at {{.*}}gdb.cc:13
// CHECK: #0  plus_one (x=36) at {{.*}}gdb.cc:13
// CHECK-NEXT: #1  {{.*}}square (x=6) at {{.*}}gdb.cc:19

// SYMBOL: square
// SYMBOL-NEXT: {{.*}}gdb.cc:17:0
