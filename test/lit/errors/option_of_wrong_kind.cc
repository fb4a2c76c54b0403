// A value of the wrong kind is named for what it is, under itself, with what to write instead.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <tuple>

// CHECK:      option_of_wrong_kind.cc:[[@LINE+4]]:26: error: 'num_cpus' takes a number, not a string [-Wray-option-value]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {26})}}^~~~~{{$}}
// CHECK-NEXT: note: for example: num_cpus = 0.5
[[ray::remote(num_cpus = "two")]] int one() { return 1; }

constexpr int kRetries = 2;
// CHECK:      :[[@LINE+2]]:29: error: 'max_retries' takes a whole number, or -1 for no limit, not 'kRetries' [-Wray-option-value]
// CHECK:      note: a literal or a macro can stand here; other values go to '.options({...})'
[[ray::remote(max_retries = kRetries)]] int two() { return 2; }

// CHECK:      :[[@LINE+1]]:22: error: 'name' takes a string, not 'r' [-Wray-option-value]
[[ray::remote(name = r)]] int three() { return 3; }

// CHECK:      :[[@LINE+1]]:27: error: 'resources' takes a map of numbers, not a list [-Wray-option-value]
[[ray::remote(resources = ["TPU"])]] int four() { return 4; }

// CHECK:      :[[@LINE+1]]:29: error: 'num_returns' takes a whole number or all, not 'both' [-Wray-option-value]
[[ray::remote(num_returns = both)]] std::tuple<int, int> five() { return {5, 5}; }

// CHECK:      :[[@LINE+1]]:32: error: 'lifetime' takes only detached, not a string [-Wray-option-value]
class [[ray::remote(lifetime = "detached")]] Tracker {};
