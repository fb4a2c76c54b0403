// A call that a macro makes is a call, wherever the macro is defined.
// RUN: %ray-cc %s -o %t && env RAY_ENGINE=local %t | FileCheck %s
#include <ray/ray.h>
#define TWICE(x) ray::get(twice.remote(x))
#include <iostream>

[[ray::remote]] int twice(int x) { return 2 * x; }
#define TWICE_ON(cpus, x) ray::get(twice.options({.num_cpus = cpus}).remote(x))

int main() {
  ray::init();
  std::cout << TWICE(2) << ' ' << TWICE_ON(1, 3) << '\n';  // CHECK: 4 6
}
