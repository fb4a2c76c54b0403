// What a macro of the user's holds is shown as it was written, also in the notes on its expansion.
// RUN: not %ray-cc -fsyntax-only -DERRORS %s > %t.errors 2>&1
// RUN: FileCheck %s < %t.errors
// RUN: %ray-cc -fsyntax-only %s > %t.warnings 2>&1
// RUN: FileCheck %s --check-prefix=WARNING < %t.warnings
// RUN: not grep -F '$' %t.errors %t.warnings
#include <ray/ray.h>

[[ray::remote]] int work(int x) { return x; }
#define SUBMIT(x) work.remote(x)
#define SUM(x) (SUBMIT(x) + \
                undefined_name)

int main() {
#ifdef ERRORS
  // CHECK: macros_of_the_user.cc:[[@LINE+4]]:3: error: use of undeclared identifier 'undefined_name'
  // CHECK-NEXT: SUM(1);
  // CHECK: macros_of_the_user.cc:12:17: note: expanded from macro 'SUM'
  // CHECK-NEXT: {{ }}undefined_name)
  SUM(1);
  // CHECK: macros_of_the_user.cc:[[@LINE+4]]:10: error: cannot pass
  // CHECK: macros_of_the_user.cc:10:31: note: expanded from macro 'SUBMIT'
  // CHECK-NEXT: #define SUBMIT(x) work.remote(x)
  // CHECK-NEXT: {{^ +\|( +)}}^
  SUBMIT("text");
#endif
  // WARNING: macros_of_the_user.cc:[[@LINE+3]]:3: warning: {{.*}}[-Wray-discarded-ref]
  // WARNING: macros_of_the_user.cc:10:19: note: expanded from macro 'SUBMIT'
  // WARNING-NEXT: #define SUBMIT(x) work.remote(x)
  SUBMIT(2);
}
