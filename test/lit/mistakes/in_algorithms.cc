// What std::for_each and the like run for each element is a loop.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <algorithm>
#include <execution>
#include <iterator>
#include <vector>

[[ray::remote]] int work(int x);
[[ray::remote]] int look(const std::vector<int>& table, int x);
using Refs = std::vector<ray::ObjectRef<int>>;

void loops(const std::vector<int>& keys, const std::vector<int>& table, Refs& refs) {
  std::vector<int> results;
  std::transform(keys.begin(), keys.end(), std::back_inserter(results), [](int key) {
    // CHECK: in_algorithms.cc:[[@LINE+2]]:12: warning: each iteration waits for its own 'work' before the next one is submitted, so nothing runs at once [-Wray-get-in-loop]
    // CHECK: :[[@LINE-2]]:73: note: submit all in this loop, and get their refs after it
    return ray::get(work.remote(key));
  });
  std::for_each(keys.begin(), keys.end(), [&](auto key) {
    // CHECK: :[[@LINE+1]]:32: warning: 'table' is sent with each task of this loop, as a copy of its own [-Wray-repeated-argument]
    refs.push_back(look.remote(table, key));
  });
  std::ranges::for_each(keys, [&](int key) {
    // CHECK: :[[@LINE+1]]:5: warning: the result of 'work' is lost
    work.remote(key);
    // CHECK: :[[@LINE+1]]:32: warning: 'table' is sent
    refs.push_back(look.remote(table, key));
  });
}

struct Maybe {
  template <class F>
  auto transform(F f) const { return f(1); }
};
void harmless(const std::vector<int>& keys, std::vector<int> table, Refs& refs) {
  std::for_each(keys.begin(), keys.end(), [&](int key) {
    table.push_back(key);
    refs.push_back(look.remote(table, key));
  });
  std::for_each(keys.begin(), keys.end(), [&](int key) {
    const std::vector<int> own(key);
    refs.push_back(look.remote(own, key));
  });
  // Each needs the one before it; threads of their own; one of several; later.
  int last = 0;
  std::for_each(keys.begin(), keys.end(), [&](int key) { last = ray::get(work.remote(last + key)); });
  std::for_each(std::execution::par, keys.begin(), keys.end(),
                [](int key) { (void)ray::get(work.remote(key)); });
  const bool is_found = std::any_of(keys.begin(), keys.end(),
                                    [](int key) { return ray::get(work.remote(key)) == 0; });
  for (int i = 0; i < 3; ++i) (void)Maybe().transform([](int x) { return ray::get(work.remote(x)); });
  auto later = [&](int key) { return ray::get(look.remote(table, key)); };
  (void)later(is_found ? 1 : last);
}
