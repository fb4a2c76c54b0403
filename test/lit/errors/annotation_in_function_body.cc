// An annotation that nothing would act on is an error, never silence.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

int main() {
  // CHECK: annotation_in_function_body.cc:[[@LINE+1]]:16: error: 'ray::remote' does not apply to what is declared in a function [-Wray-annotation-in-function]
  class [[ray::remote]] Local {
   public:
    int id() { return 1; }
  };
  // CHECK: annotation_in_function_body.cc:[[@LINE+1]]:10: error: 'ray::remote' does not apply to what is declared in a function [-Wray-annotation-in-function]
  [[ray::remote]] int nested(int);
  return 0;
}
// CHECK: 2 errors generated.
