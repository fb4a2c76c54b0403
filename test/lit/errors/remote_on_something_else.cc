// `.remote` follows the function's name; handed on as a value, a remote function is ray::task(f).
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

[[ray::remote]] int square(int x) { return x * x; }
int plain(int x) { return x; }
#define CALL(f, x) f.remote(x)
#define NESTED(g, x) CALL(g, x)
#define IN_PARENTHESES(f, x) ((f)).remote(x)
#define NESTED_AGAIN(x, g) IN_PARENTHESES(g, x)
#define ITSELF(x) (square).options({}).remote(x)

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

  // CHECK: remote_on_something_else.cc:[[@LINE+2]]:3: error: {{.*}}'int (int)'
  // CHECK: note: write 'ray::task(f).remote(...)'
  CALL(square, 1);

  // CHECK: remote_on_something_else.cc:[[@LINE+2]]:3: error: {{.*}}'int (int)'
  // CHECK: note: 'plain' is not a remote function: annotate it with {{\[\[ray::remote\]\]}}
  CALL(plain, 1);

  // CHECK: remote_on_something_else.cc:[[@LINE+1]]:3: error: {{.*}}'int (int)'
  NESTED(square, 1);
  // CHECK: note: write 'ray::task(f).remote(...)'
}

void parentheses() {
  // CHECK: remote_on_something_else.cc:[[@LINE+2]]:3: error: {{.*}}'int (int)'
  // CHECK: :[[@LINE+1]]:3: note: write 'ray::task(f).remote(...)'
  IN_PARENTHESES(::square, 1);
  // CHECK: :[[@LINE+2]]:3: error: {{.*}}'int (int)'
  // CHECK: :[[@LINE+1]]:3: note: write 'ray::task(f).remote(...)'
  NESTED_AGAIN(1, square);
  // CHECK: :[[@LINE+2]]:3: error: {{.*}}'int (int)'
  // CHECK: :[[@LINE+1]]:3: note: 'plain' is not a remote function: annotate it
  IN_PARENTHESES(plain, 1);
  // CHECK: :[[@LINE+2]]:3: error: {{.*}}'int (int)'
  // CHECK: :[[@LINE+1]]:3: note: write 'ray::task(square).remote(...)'
  ITSELF(1);
}
// CHECK: 10 errors generated.
