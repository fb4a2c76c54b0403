// Actors keep their state between calls, and their handles travel.
// RUN: %ray-cc -Wall -Wextra -Werror %s -o %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>
#include <cassert>
#include <string>
#include <vector>

struct Named {
  std::string name() const { return "named"; }
};

class [[ray::remote(max_restarts = 1)]] Tracker : public Named {
 public:
  explicit Tracker(int start = 0) : count_(start) {}
  Tracker(const std::string& text, int) : count_(static_cast<int>(text.size())) {}
  void increment() { ++count_; }
  int add(int amount) { return count_ += amount; }
  std::string add(const std::string& text) { return text + std::to_string(count_); }
  int count() const { return count_; }

 private:
  int count_;
};

template <class T>
class [[ray::remote]] Store {
 public:
  void put(const T& value) { value_ = value; }
  T get() const { return value_; }

 private:
  T value_{};
};

[[ray::remote]] int bump(ray::ActorHandle<Tracker> tracker, int times) {
  for (int i = 0; i < times; ++i) tracker.increment.remote();
  return ray::get(tracker.count.remote());
}

int main() {
  ray::init();
  auto tracker = Tracker::remote(5);
  for (int i = 0; i < 3; ++i) tracker.increment.remote();
  assert(ray::get(tracker.count.remote()) == 8);
  assert(ray::get(tracker.add.remote(tracker.count.remote())) == 16);
  assert(ray::get(tracker.add.remote(std::string("n"))) == "n16");
  assert(ray::get(tracker.name.remote()) == "named");
  assert(ray::get(bump.remote(tracker, 4)) == 20);
  auto other = Tracker::options({.num_cpus = 0}).remote("four", 0);
  assert(ray::get(ray::task(other, &Tracker::count).remote()) == 4);
  auto store = Store<std::vector<std::string>>::remote();
  store.put.remote({"a", "b"});
  assert(ray::get(store.get.remote()).size() == 2);
  ray::shutdown();
}
