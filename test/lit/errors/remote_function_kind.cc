// A remote function has a name to call it by, an address, and parameters of known types.
// RUN: not %ray-cc -std=c++20 -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
#include <ray/ray.h>

struct Q {};
// CHECK: [[@LINE+2]]:21: error: an operator cannot be a remote function [-Wray-remote-function-kind]
// CHECK: note: call it from a function with a name, which '.remote' can follow
[[ray::remote]] int operator+(const Q&, const Q&);
// CHECK: [[@LINE+1]]:21: error: an operator cannot be a remote function
[[ray::remote]] int operator""_x(unsigned long long);
// CHECK: [[@LINE+2]]:21: error: a function with C's variable arguments cannot be a remote function
// CHECK: note: take a std::vector, or make it a template with a parameter pack
[[ray::remote]] int log_all(const char format, ...);
// CHECK: [[@LINE+2]]:31: error: a consteval function cannot be a remote function
// CHECK: note: make it constexpr
[[ray::remote]] consteval int square(int x) { return x * x; }
// CHECK: [[@LINE+1]]:21: error: a deleted function cannot be a remote function
[[ray::remote]] int gone(int) = delete;
// CHECK: [[@LINE+1]]:50: error: an unavailable function cannot be a remote function
[[ray::remote]] __attribute__((unavailable)) int un(int x) { return x; }

// Such methods are not remote.
class [[ray::remote]] Tracker {
 public:
  int log(int level, ...);
  consteval int square(int x) const { return x * x; }
  __attribute__((unavailable)) int un() { return 1; }
};
// CHECK: 6 errors generated.
