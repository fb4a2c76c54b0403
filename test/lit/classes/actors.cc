// Constructors with arguments, overloaded and const methods, inherited ones, handles that travel.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror -Wno-ray-discarded-ref %s
#include <ray/ray.h>
#include <string>
#include <type_traits>

struct Named {
  std::string name() const { return "n"; }
};

class [[ray::remote(num_cpus = 0, max_restarts = 3)]] Tracker : public Named {
 public:
  explicit Tracker(int start = 0) : count_(start) {}
  Tracker(const std::string& text, double) : count_(static_cast<int>(text.size())) {}
  void increment() { ++count_; }
  int add(int amount) { return count_ += amount; }
  std::string add(const std::string& text) { return text; }
  int count() const { return count_; }
  static int unrelated() { return 1; }

 private:
  int count_;
};

[[ray::remote]] int watch(ray::ActorHandle<Tracker> tracker) {
  return ray::get(tracker.add.remote(1));
}

template <class T, class U>
constexpr bool same = std::is_same_v<T, ray::ObjectRef<U>>;

void use() {
  auto tracker = Tracker::remote();
  static_assert(std::is_same_v<decltype(tracker), ray::ActorHandle<Tracker>>);
  auto other = Tracker::remote("text", 1.5);
  Tracker::remote(ray::put(3));
  static_assert(same<decltype(tracker.increment.remote()), void>);
  static_assert(same<decltype(tracker.add.remote(1)), int>);
  static_assert(same<decltype(tracker.add.remote(tracker.count.remote())), int>);
  static_assert(same<decltype(tracker.add.remote(std::string())), std::string>);
  static_assert(same<decltype(tracker.name.remote()), std::string>);
  watch.remote(tracker);
  static_assert(sizeof(tracker) == sizeof(void*));
  Tracker plain(2);             // still a class like any other
  plain.increment();
}
