// Async actors: how many calls may wait in one, and what becomes of those that do when a process
// ends.
//
//   async_actors MODE
#include <ray/ray.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

[[ray::remote]] int never() {
  std::this_thread::sleep_for(1h);
  return 0;
}

class [[ray::remote(num_cpus = 0)]] Owner {
 public:
  std::vector<ray::ObjectRef<int>> make() { return {never.remote()}; }
  int pid() const { return getpid(); }
};

class [[ray::remote(max_restarts = 1)]] Gate {
 public:
  // Gives how many calls were here at most. The gate opens when so many have come.
  ray::Task<int> pass(int wanted) {
    most_ = std::max(most_, ++inside_);
    if (++begun_ == wanted) open();
    while (!open_) co_await changed_;
    --inside_;
    co_return most_;
  }
  void open() {
    open_ = true;
    changed_.notify_all();
  }
  int pid() const { return getpid(); }
  int inside() const { return inside_; }
  ray::Task<std::string> wait_for(std::vector<ray::ObjectRef<int>> refs) {
    ++inside_;
    try {
      co_await refs.front();
    } catch (const ray::OwnerDiedError&) {
      co_return "the owner died";
    }
    co_return "it came";
  }

 private:
  int inside_ = 0;
  int most_ = 0;
  int begun_ = 0;
  bool open_ = false;
  ray::Condition changed_;
};

template <class T>
void report(const ray::ObjectRef<T>& ref) {
  try {
    std::cout << ray::get(ref) << std::endl;
  } catch (const ray::ActorDiedError&) {
    std::cout << "died" << std::endl;
  } catch (const ray::ActorUnavailableError&) {
    std::cout << "unavailable" << std::endl;
  }
}

// As many calls wait as an async actor takes; the others begin as those end.
void limit() {
  auto gate = Gate::remote();
  std::vector<ray::ObjectRef<int>> passes;
  for (int i = 0; i < 1500; ++i) passes.push_back(gate.pass.remote(1000));
  const std::vector<int> most = ray::get(passes);
  std::cout << most.size() << ' ' << *std::max_element(most.begin(), most.end()) << std::endl;
}

// The calls that wait in a killed actor fail, and nothing of them is in the one that takes its
// place.
void killed() {
  auto gate = Gate::remote();
  for (int life = 0; life < 2; ++life) {
    const int pid = ray::get(gate.pid.options({.max_task_retries = -1}).remote());
    std::vector<ray::ObjectRef<int>> waiting;
    for (int i = 0; i < 3; ++i) waiting.push_back(gate.pass.remote(4));
    std::cout << ray::get(gate.inside.remote()) << " inside" << std::endl;
    kill(pid, SIGKILL);
    for (const auto& call : waiting) report(call);
  }
  report(gate.inside.remote());
}

// Calls that may be run again begin anew in the actor's next life.
void retried() {
  auto gate = Gate::remote();
  const int pid = ray::get(gate.pid.remote());
  std::vector<ray::ObjectRef<int>> waiting;
  for (int i = 0; i < 3; ++i) {
    waiting.push_back(gate.pass.options({.max_task_retries = 1}).remote(4));
  }
  ray::get(gate.inside.remote());
  kill(pid, SIGKILL);
  waiting.push_back(gate.pass.options({.max_task_retries = 1}).remote(4));
  for (const auto& call : waiting) report(call);
}

// Who awaits what a dead process owns is told.
void owner_dies() {
  auto owner = Owner::remote();
  auto gate = Gate::remote();
  const int pid = ray::get(owner.pid.remote());
  auto waiting = gate.wait_for.remote(owner.make.remote());
  std::cout << ray::get(gate.inside.remote()) << " inside" << std::endl;
  kill(pid, SIGKILL);
  report(waiting);
}

// Waits until it is killed, with calls that wait in an actor and in tasks.
[[ray::remote]] ray::Task<int> suspended(ray::ObjectRef<int> ref) { co_return co_await ref; }
void load() {
  auto gate = Gate::remote();
  std::vector<ray::ObjectRef<int>> waiting;
  for (int i = 0; i < 100; ++i) waiting.push_back(gate.pass.remote(1000));
  for (int i = 0; i < 3; ++i) waiting.push_back(suspended.remote(waiting.front()));
  std::cout << ray::get(gate.inside.remote()) << std::endl;
  std::this_thread::sleep_for(1h);
}

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void()>> modes = {{"limit", limit},
                                                              {"killed", killed},
                                                              {"retried", retried},
                                                              {"owner_dies", owner_dies},
                                                              {"load", load}};
  if (argc != 2) return 2;
  ray::init({.num_cpus = 2});
  modes.at(argv[1])();
}
