// A loop of tasks that each do one sum.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <cmath>
#include <vector>

[[ray::remote]] int square(int x) { return x * x; }
[[ray::remote]] double root(double x) { return std::sqrt(x); }
[[ray::remote]] long triangle(long n) {
  long sum = 0;
  for (long i = 0; i < n; ++i) sum += i;
  return sum;
}

void call() {
  std::vector<ray::ObjectRef<int>> refs;
  // CHECK: tiny_task.cc:[[@LINE+2]]:49: warning: 'square' does less than it takes to send it away [-Wray-tiny-task]
  // CHECK: tiny_task.cc:7:21: note: let one task do many of these
  for (int i = 0; i < 1000; ++i) refs.push_back(square.remote(i));

  for (int i = 0; i < 10; ++i) refs.push_back(square.remote(i));
  // Once, or a few times, is a try; the others may take long.
  refs.push_back(square.remote(1));
  std::vector<ray::ObjectRef<double>> roots;
  for (int i = 0; i < 1000; ++i) roots.push_back(root.remote(i));
  std::vector<ray::ObjectRef<long>> sums;
  for (int i = 0; i < 1000; ++i) sums.push_back(triangle.remote(i));
}
