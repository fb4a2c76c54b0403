#include <ray/ray.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

struct Item {  // no serialiser, no macro: ray-cc generates it
  int index;
  std::string word;
};

[[ray::remote]]
Item retrieve(int item, const std::vector<std::string>& database) {
  std::this_thread::sleep_for(item * 100ms);
  return {item, database[item]};
}

[[ray::remote(num_cpus = 0.5, max_retries = 5)]]
std::pair<Item, Item> follow_up(const Item& first, const std::vector<std::string>& database) {
  return {first, retrieve(first.index + 1, database)};  // a plain call stays a plain call
}

class [[ray::remote(num_cpus = 0, max_restarts = 3)]] Tracker {
 public:
  explicit Tracker(int start = 0) : count_(start) {}
  void increment() { ++count_; }
  int count() const { return count_; }

 private:
  int count_;
};

int main() {
  ray::init();  // starts a local cluster, or joins one
  auto database = ray::put(std::vector<std::string>{"Learning", "Ray", "Flexible", "Distributed",
                                                    "Python", "for", "Data", "Science"});
  auto tracker = Tracker::remote();  // ray::ActorHandle<Tracker>

  std::vector<ray::ObjectRef<Item>> refs;
  for (int i = 0; i < 8; ++i) {
    refs.push_back(retrieve.remote(i, database));  // the ref becomes the vector
    tracker.increment.remote();
  }
  while (!refs.empty()) {
    auto [ready, rest] = ray::wait(refs, {.num_returns = 2, .timeout = 7s});
    for (const Item& it : ray::get(ready)) std::cout << it.index << ' ' << it.word << '\n';
    refs = std::move(rest);
  }
  auto both = follow_up.remote(retrieve.remote(0, database), database);  // a graph of two tasks
  std::cout << ray::get(both).second.word << ' ' << ray::get(tracker.count.remote()) << '\n';
}
