// A loop that collects refs, and each time gets all of them.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <vector>

[[ray::remote]] int work(int x);
int sum(const std::vector<int>& values);

int grows() {
  std::vector<ray::ObjectRef<int>> refs;
  int total = 0;
  for (int i = 0; i < 100; ++i) {
    refs.push_back(work.remote(i));
    // CHECK: get_all_again.cc:[[@LINE+2]]:17: warning: each iteration gets all that 'refs' has collected so far, and the loop only adds to it [-Wray-get-all-again]
    // CHECK: get_all_again.cc:[[@LINE-3]]:3: note: get them after this loop, or those that are ready with ray::wait
    total = sum(ray::get(refs));
  }
  return total;
}

int shrinks() {
  std::vector<ray::ObjectRef<int>> refs;
  int total = 0;
  for (int i = 0; i < 100; ++i) {
    refs.push_back(work.remote(i));
    if (refs.size() == 10) {
      total += sum(ray::get(refs));
      refs.clear();
    }
  }
  std::vector<ray::ObjectRef<int>> old;
  for (int i = 0; i < 100; ++i) {
    std::vector<ray::ObjectRef<int>> now;
    now.push_back(work.remote(i));
    total += sum(ray::get(now));
    old = now;
  }
  for (int i = 0; i < 100; ++i) old.push_back(work.remote(i));
  return total + sum(ray::get(old));
}

int behind_the_loop(bool (*more)()) {
  std::vector<ray::ObjectRef<int>> refs;
  while (more()) refs.push_back(work.remote(1));
  return sum(ray::get(refs));
}

int once() {
  std::vector<ray::ObjectRef<int>> refs;
  int total = 0;
  for (int i = 0; i < 100; ++i) {
    refs.push_back(work.remote(i));
    if (refs.size() == 100) total += sum(ray::get(refs));
  }
  return total;
}
