// On request: results that are handled in the order of submission.
// RUN: %ray-cc -fsyntax-only -Wray-get-in-order %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: %ray-cc -fsyntax-only -Wall -Wextra %s 2>&1 | count 0
// RUN: %ray-cc -fsyntax-only -Wray %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <iostream>
#include <vector>

[[ray::remote]] int work(int x);
void handle(int result);

void in_order() {
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 100; ++i) refs.push_back(work.remote(i));
  // CHECK: get_in_order.cc:[[@LINE+2]]:39: warning: results are taken in the order of submission: a slow task holds up those after it [-Wray-get-in-order]
  // CHECK: get_in_order.cc:[[@LINE+1]]:3: note: where the order does not matter, ray::wait gives each as it becomes ready
  for (const auto& ref : refs) handle(ray::get(ref));
}

void as_they_come(std::vector<ray::ObjectRef<int>> given) {
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 100; ++i) refs.push_back(work.remote(i));
  while (!refs.empty()) {
    auto [ready, rest] = ray::wait(refs);
    for (const auto& ref : ready) handle(ray::get(ref));
    refs = rest;
  }
  for (const auto& ref : given) handle(ray::get(ref));
  for (const auto& ref : refs) std::cout << ray::get(ref) << ' ';
}
