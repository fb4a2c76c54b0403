// Counts the leaves of a call tree with tasks that submit tasks: a task hands its CPU back while it
// waits, so the tree may be deeper than the machine has CPUs.
//
//   ray-cc fibonacci.cc -O2 -o fibonacci && ./fibonacci [N] [CUTOFF]
#include <ray/ray.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>

std::int64_t fibonacci_here(int n) {
  return n < 2 ? n : fibonacci_here(n - 1) + fibonacci_here(n - 2);
}

// Below the cutoff a task would do less than it takes to send it.
[[ray::remote(num_cpus = 0.1)]]
std::int64_t fibonacci(int n, int cutoff) {
  if (n <= cutoff || n < 2) return fibonacci_here(n);
  auto left = fibonacci.remote(n - 1, cutoff);
  auto right = fibonacci.remote(n - 2, cutoff);
  const auto [a, b] = ray::get(left, right);
  return a + b;
}

int main(int argc, char** argv) {
  const int n = argc > 1 ? std::atoi(argv[1]) : 27;
  const int cutoff = argc > 2 ? std::atoi(argv[2]) : 22;
  if (n < 0 || n > 90) {
    std::cerr << "usage: fibonacci [N] [CUTOFF]\n";
    return 2;
  }
  ray::init();
  std::printf("fibonacci(%d) = %lld\n", n,
              static_cast<long long>(ray::get(fibonacci.remote(n, cutoff))));
}
