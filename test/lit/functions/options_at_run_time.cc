// `.options({...})` takes what the annotation takes, typed, and stands before `.remote(...)`.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror -Wno-ray-discarded-ref %s
#include <ray/ray.h>
#include <type_traits>

[[ray::remote(num_cpus = 1)]] int square(int x) { return x * x; }
template <class T>
[[ray::remote]] T twice(T x) { return x + x; }

class [[ray::remote]] Tracker {
 public:
  explicit Tracker(int) {}
  int add(int amount) { return amount; }
};

void use() {
  auto configured = square.options({.num_cpus = 2, .name = "r", .max_retries = 0});
  static_assert(std::is_same_v<decltype(configured.remote(1)), ray::ObjectRef<int>>);
  configured.remote(square.remote(2));
  ray::TaskOptions options{.num_gpus = 1};
  square.options(options).remote(1);
  twice<double>.options({.resources = {{"TPU", 1}}}).remote(1);
  auto tracker = Tracker::options({.name = "t", .lifetime = ray::Lifetime::detached}).remote(1);
  static_assert(std::is_same_v<decltype(tracker), ray::ActorHandle<Tracker>>);
  tracker.add.options({.name = "call"}).remote(1);
}
