// A get in the loop that submits is reported where the loop could do without.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

[[ray::remote]] int work(int x);
[[ray::remote]] std::vector<int> step(const std::vector<int>& state);
[[ray::remote]] void fill(int x);
class [[ray::remote]] Tally {
 public:
  void add(int x) { sum_ += x; }
  int sum() const { return sum_; }

 private:
  int sum_ = 0;
};

int directly(const std::vector<int>& inputs) {
  int sum = 0;
  // CHECK:      get_in_loop.cc:[[@LINE+4]]:35: warning: each iteration waits for its own 'work' before the next one is submitted, so nothing runs at once [-Wray-get-in-loop]
  // CHECK-NEXT: {{^ *[0-9]+ \| }}
  // CHECK-NEXT: {{^ +\|( {35})}}^~~~~~~~~~~~~~~~~~~~~~~~~~~~{{$}}
  // CHECK:      get_in_loop.cc:[[@LINE+1]]:3: note: submit all in this loop, and get their refs after it
  for (int input : inputs) sum += ray::get(work.remote(input));
  // CHECK: :[[@LINE+1]]:31: warning: each iteration waits for its own 'fill'
  for (int i = 0; i < 3; ++i) ray::get(fill.remote(i));
  return sum;
}

void through_a_variable(ray::ActorHandle<Tally> tally) {
  for (int i = 0; i < 10; ++i) {
    auto ref = tally.add.remote(i);
    // CHECK: :[[@LINE+1]]:5: warning: each iteration waits for its own 'add'
    ray::get(ref);
  }
  for (int i = 0; i < 10; ++i) {
    auto ref = work.options({.num_cpus = 2}).remote(i);
    // CHECK: :[[@LINE+1]]:5: warning: each iteration waits for its own call
    ref.get();
  }
}

// What depends on the iteration before has to wait for it.
std::vector<int> dependent(std::vector<int> state) {
  for (int i = 0; i < 10; ++i) state = ray::get(step.remote(state));
  auto ref = ray::put(state);
  for (int i = 0; i < 10; ++i) {
    auto next = step.remote(ref);
    ref = ray::put(ray::get(next));
  }
  return ray::get(ref);
}

// Looking again and again, with the end in sight or not.
void polling(ray::ActorHandle<Tally> tally) {
  while (ray::get(tally.sum.remote()) < 100) {
  }
  for (int i = 0; i < 10; ++i) {
    if (ray::get(tally.sum.remote()) > 3) break;
  }
  for (int i = 0; i < 10; ++i) {
    ray::get(tally.sum.remote());
    std::this_thread::sleep_for(100ms);
  }
  for (; ray::get(tally.sum.remote()) < 3;) (void)work.remote(1);
}

// Several run at once, or it is got after the loop.
int batches() {
  int sum = 0;
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<ray::ObjectRef<int>> refs;
    for (int i = 0; i < 10; ++i) refs.push_back(work.remote(i));
    for (int x : ray::get(refs)) sum += x;
    auto a = work.remote(1);
    auto b = work.remote(2);
    sum += ray::get(a) + ray::get(b);
  }
  return sum;
}

int tried(const std::vector<int>& inputs) {
  int sum = 0;
  for (int attempt = 0; attempt < 3 && sum == 0; ++attempt) {
    try {
      sum = ray::get(work.remote(inputs[0]));
    } catch (const ray::Error&) {
    }
  }
  for (int input : inputs) {
    try {
      // CHECK: :[[@LINE+1]]:14: warning: each iteration waits for its own 'work'
      sum += ray::get(work.remote(input));
    } catch (const ray::Error&) {
    }
  }
  return sum;
}
