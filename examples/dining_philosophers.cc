// Philosophers who share forks, none of whom starves: each fork is an actor, and each philosopher a
// task that asks for the lower fork first, so that no circle of waiting can close.
//
//   ray-cc dining_philosophers.cc -O2 -o dining_philosophers && ./dining_philosophers [SEATS]
//   [MEALS]
#include <ray/ray.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <thread>
#include <vector>

class [[ray::remote(num_cpus = 0)]] Fork {
 public:
  // Whether it was free: it is the caller's now.
  bool take(int philosopher) {
    if (holder_ != kNobody) return false;
    holder_ = philosopher;
    return true;
  }
  // False for a fork that the caller does not hold: that would be a mistake of the table's.
  bool put_back(int philosopher) {
    if (holder_ != philosopher) return false;
    holder_ = kNobody;
    ++used_;
    return true;
  }
  int used() const { return used_; }

 private:
  static constexpr int kNobody = -1;
  int holder_ = kNobody;
  int used_ = 0;
};

void wait_for(const ray::ActorHandle<Fork>& fork, int philosopher) {
  // Each question needs the answer to the last one: there is nothing to submit ahead.
  while (!ray::get(fork.take.remote(philosopher))) std::this_thread::yield();
}

[[ray::remote(num_cpus = 0.1)]]
int dine(int philosopher, ray::ActorHandle<Fork> lower, ray::ActorHandle<Fork> upper, int meals) {
  int eaten = 0;
  while (eaten < meals) {
    wait_for(lower, philosopher);
    wait_for(upper, philosopher);
    const auto [first, second] =
        ray::get(upper.put_back.remote(philosopher), lower.put_back.remote(philosopher));
    if (!first || !second) break;
    ++eaten;
  }
  return eaten;
}

int main(int argc, char** argv) {
  const int seats = argc > 1 ? std::atoi(argv[1]) : 5;
  const int meals = argc > 2 ? std::atoi(argv[2]) : 20;
  if (seats < 2 || meals < 0) {
    std::cerr << "usage: dining_philosophers [SEATS] [MEALS], at least two seats\n";
    return 2;
  }
  ray::init();
  std::vector<ray::ActorHandle<Fork>> forks;
  for (int i = 0; i < seats; ++i) forks.push_back(Fork::remote());
  std::vector<ray::ObjectRef<int>> dinners;
  for (int i = 0; i < seats; ++i) {
    const auto [lower, upper] = std::minmax({i, (i + 1) % seats});
    dinners.push_back(dine.remote(i, forks[lower], forks[upper], meals));
  }
  const std::vector<int> eaten = ray::get(dinners);
  std::vector<ray::ObjectRef<int>> uses;
  for (const auto& fork : forks) uses.push_back(fork.used.remote());
  const std::vector<int> used = ray::get(uses);
  std::printf("%d meals, forks used %d times\n", std::accumulate(eaten.begin(), eaten.end(), 0),
              std::accumulate(used.begin(), used.end(), 0));
}
