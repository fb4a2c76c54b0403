// Overloads of one name are one set, whether a file shares them or has them for itself.
// RUN: %ray-cc -Wall -Wextra -Werror %s -o %t
// RUN: env RAY_ENGINE=local %t | FileCheck %s
#include <ray/ray.h>

#include <iostream>
#include <string>

namespace a {
[[ray::remote]] static std::string f(const std::string& text) { return "own " + text; }
[[ray::remote]] std::string f(int x, unsigned) { return "shared " + std::to_string(x); }
[[ray::remote]] std::string g(int x) { return "shared " + std::to_string(x); }
[[ray::remote]] static std::string g(const std::string& text) { return "own " + text; }
}

int main() {
  ray::init();
  // CHECK: own x, shared 1
  std::cout << ray::get(a::f.remote("x")) << ", " << ray::get(a::f.remote(1, 2u)) << '\n';
  // CHECK: own y, shared 2
  std::cout << ray::get(a::g.remote(ray::put(std::string("y")))) << ", "
            << ray::get(a::g.options({.num_cpus = 0.5}).remote(ray::put(2))) << '\n';
}
