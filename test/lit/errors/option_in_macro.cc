// Object-like macros in options are expanded; an error is placed where the macro is used.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
// RUN: %ray-cc -fsyntax-only -DCPUS=2 -DVALID %s
#include <ray/ray.h>

#define RETRIES 5
#ifndef CPUS
#define CPUS "two"
#endif

// CHECK:      option_in_macro.cc:[[@LINE+1]]:26: error: 'num_cpus' takes a number, not a string [-Wray-option-value]
[[ray::remote(num_cpus = CPUS, max_retries = RETRIES)]] int one() { return 1; }

#ifndef VALID
// CHECK:      option_in_macro.cc:[[@LINE+1]]:25: error: unknown option 'max_retires'; did you mean 'max_retries'? [-Wray-unknown-option]
[[ray::remote(name="a", max_retires = RETRIES)]] int two() { return 2; }
#endif
// CHECK: 2 errors generated.
