// Options may be laid out over lines, with comments; carets and the code below stay exact.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
// RUN: not %ray-cc -fsyntax-only -DRETRIES=max_retries %s 2>&1 | FileCheck %s --check-prefix=BODY
#include <ray/ray.h>

#ifndef RETRIES
#define RETRIES max_retrys
#endif

[[ray::remote(num_cpus = 1,   // enough for one; ", and )]] in a comment end nothing
              name = "a)]]",  /* nor do they here ]] */
              RETRIES = 5)]]
// CHECK:      option_over_several_lines.cc:[[@LINE-1]]:15: error: unknown option 'max_retrys'; did you mean 'max_retries'? [-Wray-unknown-option]
// CHECK-NEXT: {{^ *[0-9]+ \| +RETRIES = 5}}
// CHECK-NEXT: {{^ +\|( {15})}}^~~~~~~{{$}}
// CHECK:      1 error generated.
int one() {
  // BODY:     option_over_several_lines.cc:[[@LINE+1]]:10: error: use of undeclared identifier 'missing_name'
  return missing_name;
}
// BODY: 1 error generated.
