// An endless loop that submits and never waits.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <unistd.h>
#include <condition_variable>
#include <functional>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

[[ray::remote]] int work(int x);
class [[ray::remote]] Tally {
 public:
  void add(int x) {}
};
bool is_enough();

void endless(ray::ActorHandle<Tally> tally) {
  std::vector<ray::ObjectRef<int>> refs;
  // CHECK: unbounded_submission.cc:[[@LINE+2]]:31: warning: this loop submits without end, and waits for nothing [-Wray-unbounded-submission]
  // CHECK: unbounded_submission.cc:[[@LINE+1]]:3: note: keep the refs, and ray::wait for some once there are many
  while (true) refs.push_back(work.remote(1));
  // CHECK: :[[@LINE+1]]:21: warning: this loop submits without end
  for (int i = 0;;) tally.add.remote(++i);
}

void bounded(ray::ActorHandle<Tally> tally) {
  std::vector<ray::ObjectRef<int>> refs;
  while (true) {
    refs.push_back(work.remote(1));
    if (refs.size() > 100) refs = ray::wait(refs).rest;
  }
  for (;;) {
    tally.add.remote(1);
    std::this_thread::sleep_for(1s);
  }
  for (;;) {
    tally.add.remote(1);
    if (is_enough()) break;
  }
  for (std::string line; std::getline(std::cin, line);) tally.add.remote(1);
  for (int i = 0; i < 100; ++i) tally.add.remote(i);
  while (!is_enough()) refs.push_back(work.remote(1));  // nobody knows how often
}

// What may wait, or end the program.
void waits(std::mutex& mutex, std::condition_variable& changed, std::function<int()> next) {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock);
    (void)work.remote(1);
  }
  for (int x;;) {
    std::cin >> x;
    (void)work.remote(x);
  }
  for (char c;;) {
    if (::read(0, &c, 1) <= 0) std::exit(0);
    (void)work.remote(c);
  }
  while (true) (void)work.remote(next());
}
