// `.remote` follows the function's name; handed on as a value, a remote function is ray::task(f).
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

[[ray::remote]] int square(int x) { return x * x; }
int plain(int x) { return x; }

int main() {
  // CHECK: remote_on_something_else.cc:[[@LINE+2]]:11: error: {{.*}}'int (int)'
  // CHECK: note: write 'ray::task(square).remote(...)'
  (square).remote(1);

  auto pointer = square;
  // CHECK: remote_on_something_else.cc:[[@LINE+2]]:10: error: {{.*}}'int (*)(int)'
  // CHECK: note: write 'ray::task(pointer).remote(...)'
  pointer.remote(1);

  // CHECK: remote_on_something_else.cc:[[@LINE+2]]:8: error: {{.*}}'int (int)'
  // CHECK: note: {{.*}}annotate it with {{\[\[ray::remote\]\]}}
  plain.remote(1);
}
// CHECK: 3 errors generated.
