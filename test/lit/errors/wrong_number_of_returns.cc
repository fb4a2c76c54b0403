// num_returns splits a returned tuple, and agrees with it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <tuple>

// CHECK: wrong_number_of_returns.cc:[[@LINE+1]]:55: error: 'num_returns' is 3, but 'two' returns a tuple of 2 [-Wray-num-returns]
[[ray::remote(num_returns = 3)]] std::tuple<int, int> two() { return {1, 2}; }

// CHECK: wrong_number_of_returns.cc:[[@LINE+1]]:38: error: 'num_returns' needs a function that returns a std::tuple; 'one' returns 'int' [-Wray-num-returns]
[[ray::remote(num_returns = 2)]] int one() { return 1; }

// CHECK-NOT: error:
[[ray::remote(num_returns = 2)]] std::tuple<int, int> right() { return {1, 2}; }
[[ray::remote(num_returns = all)]] std::tuple<int, int, int> all() { return {1, 2, 3}; }
// CHECK: 2 errors generated.
