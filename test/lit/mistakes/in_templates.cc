// Of templates it counts what they were instantiated to, and each mistake once.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <string_view>
#include <vector>

[[ray::remote]] int work(int x);
[[ray::remote]] int look(const std::vector<int>& table, int x);

template <class T>
void submit(T x) {
  // CHECK: in_templates.cc:[[@LINE+1]]:3: warning: the result of 'work' is lost
  work.remote(x);
  std::vector<int> table;
  for (int i = 0; i < 10; ++i) {
    table.push_back(x);
    (void)look.remote(table, i);
  }
  // CHECK: :[[@LINE+1]]:28: warning: the result of 'work' is lost
  auto each = [](auto y) { work.remote(y); };
  each(x);
  each(static_cast<short>(x));
}

template <class T>
class [[ray::remote(max_concurrency = 4)]] Racy {
 public:
  // CHECK: :[[@LINE+1]]:19: warning: 'sum_' is changed here, and methods of 'Racy' run at once
  void add(T x) { sum_ += x; }
  void keep(std::string_view name, T) {
    // CHECK: :[[@LINE+2]]:5: warning: this outlives the call, but what parameter 'name' shows
    // CHECK: :[[@LINE+1]]:5: warning: 'name_' is changed here
    name_ = name;
  }

 private:
  T sum_ = {};
  std::string_view name_;
};

// Where a parameter decides, nothing is known.
template <class T>
void unused(T x) {
  std::vector<int> table;
  for (int i = 0; i < 10; ++i) {
    table.push_back(x);
    (void)look.remote(table, i);
  }
}

int main() {
  submit(1);
  submit(2L);
  auto ints = Racy<int>::remote();
  auto longs = Racy<long>::remote();
  ints.add.remote(1);
  ints.keep.remote("name", 1);
  longs.add.remote(1);
}
