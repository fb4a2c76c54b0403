// Callers know the options of the first declaration: a later one, or a specialisation, may only repeat them.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

[[ray::remote(num_cpus = 1)]] int work(int x);
// CHECK: options_on_later_declaration.cc:[[@LINE+2]]:8: error: 'work' has other options on its first declaration [-Wray-repeated-option]
// CHECK: options_on_later_declaration.cc:[[@LINE-2]]:35: note: that is here, and counts: write the options there, once
[[ray::remote(num_cpus = 2)]] int work(int x) { return x; }

[[ray::remote(num_cpus = 1, max_retries = 0)]] int same(int x);
[[ray::remote(max_retries = 0, num_cpus = 1.0)]] int same(int x);
[[ray::remote]] int same(int x) { return x; }

struct Tools {
  [[ray::remote(num_returns = all)]] static std::tuple<int, int> two(int x);
};
// CHECK: options_on_later_declaration.cc:[[@LINE+1]]:8: error: 'two' has other options on its first declaration
[[ray::remote(max_calls = 1)]] std::tuple<int, int> Tools::two(int x) { return {x, x}; }

// CHECK: options_on_later_declaration.cc:[[@LINE+2]]:15: error: unknown option 'num_cpu'
[[ray::remote]] int misspelt(int x);
[[ray::remote(num_cpu = 1)]] int misspelt(int x) { return x; }

template <class T>
[[ray::remote]] T twice(T x) { return x + x; }
// CHECK: options_on_later_declaration.cc:[[@LINE+2]]:20: error: a specialisation of 'twice' has the options of its template [-Wray-repeated-option]
// CHECK: options_on_later_declaration.cc:[[@LINE-2]]:19: note: that is here: give these with '.options({...})' at the call
template <> [[ray::remote(num_cpus = 2)]] int twice<int>(int x) { return 2 * x; }
template <> [[ray::remote]] long twice<long>(long x) { return 2 * x; }
// CHECK: 4 errors generated.
