// A remote function may call itself and its like, before any of them is defined.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>

[[ray::remote]] bool is_odd(int n);
[[ray::remote]] bool is_even(int n) { return n == 0 || ray::get(is_odd.remote(n - 1)); }
bool is_odd(int n) { return n != 0 && ray::get(is_even.remote(n - 1)); }

[[ray::remote]] int fibonacci(int n) {
  if (n < 2) return n;
  auto left = fibonacci.remote(n - 1);
  auto right = fibonacci.remote(n - 2);
  return ray::get(left) + ray::get(right) + fibonacci(0);
}
