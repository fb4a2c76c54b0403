// What is wrong in the body of a generic lambda is said once, and nothing untrue of its calls.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=error:
#include <ray/ray.h>

struct Point { int x; };

void use() {
  // CHECK: generic_lambda_body.cc:[[@LINE+1]]:51: error: no member named 'y' in 'Point'
  auto broken = ray::remote([](auto p) { return p.y; });
  broken.remote(Point{1});
  broken.remote(Point{2});
  broken.options({.num_cpus = 1}).remote(Point{3});

  auto fine = ray::remote([](auto p) { return p.x; });
  fine.remote(Point{1});
  // CHECK: :[[@LINE+1]]:8: error: this lambda takes 1 argument, but is given 2 [-Wray-wrong-argument]
  fine.remote(Point{1}, 2);
}
