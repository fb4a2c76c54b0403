// What is missing is said in words, where it is missing.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      option_syntax.cc:[[@LINE+4]]:27: error: expected ',' after '1' [-Wray-option-syntax]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {27})}}^{{$}}
// CHECK-NEXT: {{^ +\|( {27})}},{{$}}
[[ray::remote(num_cpus = 1 max_retries = 2)]] int one() { return 1; }

// CHECK:      :[[@LINE+1]]:23: error: expected '=' after 'num_cpus' [-Wray-option-syntax]
[[ray::remote(num_cpus: 1)]] int two() { return 2; }

// CHECK:      :[[@LINE+1]]:23: error: expected '=' after 'num_cpus' [-Wray-option-syntax]
[[ray::remote(num_cpus)]] int three() { return 3; }

// CHECK:      :[[@LINE+2]]:28: error: unexpected '+' after '1' [-Wray-option-syntax]
// CHECK:      note: a value is a literal or a macro, not an expression
[[ray::remote(num_cpus = 1 + 1)]] int four() { return 4; }

// CHECK:      :[[@LINE+2]]:15: error: expected the name of an option [-Wray-option-syntax]
// CHECK:      note: an option is written 'name = value'
[[ray::remote("num_cpus")]] int five() { return 5; }

// CHECK:      :[[@LINE+1]]:35: error: expected ':' after '"TPU"' [-Wray-option-syntax]
[[ray::remote(resources = { "TPU" = 1 })]] int six() { return 6; }
// CHECK: 6 errors generated.
