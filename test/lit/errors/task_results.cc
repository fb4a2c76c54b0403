// What a ray::Task gives has to travel, as the result of any other remote function.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

#include <mutex>
#include <tuple>

struct Model {
  // CHECK: :[[@LINE+1]]:14: error: field 'Model::lock_' is a std::mutex, which cannot be serialised
  std::mutex lock_;
};
[[ray::remote]] ray::Task<Model> make();
// CHECK: :[[@LINE+1]]:17: error: remote function 'point' returns a raw pointer
[[ray::remote]] ray::Task<int*> point();
// CHECK: :[[@LINE+1]]:66: error: 'num_returns' is 3, but 'pair' returns a tuple of 2
[[ray::remote(num_returns = 3)]] ray::Task<std::tuple<int, int>> pair();
