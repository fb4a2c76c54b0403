// What a remote lambda captures travels with each call: a large one is worth a put.
// RUN: %ray-cc -fsyntax-only -Wno-ray-discarded-ref %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <map>
#include <string>
#include <vector>

std::vector<int> read_numbers();

void repeated(const std::map<int, int>& prices) {
  std::vector<ray::ObjectRef<int>> refs;
  const std::vector<int> table = read_numbers();
  // CHECK: large_capture.cc:[[@LINE+3]]:18: warning: 'table' is captured, and so sent with each task of the loop, as a copy of its own [-Wray-large-capture]
  // CHECK-NEXT: auto look_up = ray::remote([table]
  // CHECK: large_capture.cc:[[@LINE+2]]:3: note: put it once before the loop, and capture the ref
  auto look_up = ray::remote([table](int key) { return table[key]; });
  for (int i = 0; i < 10; ++i) refs.push_back(look_up.remote(i));
  // CHECK: :[[@LINE+2]]:20: warning: 'prices' is captured
  for (int i = 0; i < 10; ++i) {
    refs.push_back(ray::remote([prices, i] { return prices.at(i); }).remote());
  }
  // CHECK: :[[@LINE+1]]:14: warning: 'table' is captured
  auto all = ray::remote([=](int key) { return table[key]; });
  for (int i = 0; i < 10; ++i) refs.push_back(all.remote(i));
  // CHECK: :[[@LINE+1]]:16: warning: a value is captured
  auto named = ray::remote([numbers = read_numbers()](int i) { return numbers[i]; });
  while (refs.size() < 100) refs.push_back(named.options({.num_cpus = 1}).remote(1));
}

void different() {
  std::vector<ray::ObjectRef<int>> refs;
  const std::vector<int> table = read_numbers();
  const std::vector<int> few = {1, 2, 3};
  const std::string name = "name";
  auto stored = ray::put(table);
  auto once = ray::remote([table](int key) { return table[key]; });
  refs.push_back(once.remote(1));
  auto unused = ray::remote([=](int key) { return key + few[0] + ray::get(stored)[key]; });
  for (int i = 0; i < 10; ++i) refs.push_back(unused.remote(i));
  auto by_ref = ray::remote([stored, few, name](int key) { return ray::get(stored)[key]; });
  for (int i = 0; i < 10; ++i) {
    refs.push_back(by_ref.remote(i));
    std::vector<int> own = read_numbers();
    refs.push_back(ray::remote([own](int key) { return own[key]; }).remote(i));
  }
}
