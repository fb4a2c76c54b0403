// A function that returns a ray::Task<T> is an async task: a remote call of it gives an ObjectRef<T>.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Wshadow -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

struct Word {
  std::string text;
};

[[ray::remote]] int slow(int x) { return x; }
[[ray::remote]] ray::Task<int> add(ray::ObjectRef<int> a, int b) { co_return co_await a + b; }
[[ray::remote]] ray::Task<> nothing() { co_return; }
[[ray::remote]] ray::Task<Word> word(std::string_view text, const std::string& more) {
  co_await slow.remote(1);  // what the parameters refer to is there afterwards
  co_return {std::string(text) + more};
}
using Pointer = ray::Task<std::unique_ptr<int>>;
[[ray::remote]] Pointer pointer(int x) { co_return std::make_unique<int>(x); }
[[ray::remote(num_returns = all)]] ray::Task<std::tuple<int, std::string>> two() {
  co_return {co_await slow.remote(1), "a"};
}
[[ray::remote]] ray::Task<> forever() {
  ray::Condition never;
  co_await ray::sleep_for(std::chrono::milliseconds(1));
  co_await never;
}
template <class T>
[[ray::remote]] ray::Task<T> twice(T x) {
  co_await nothing();  // a plain call, begun where it is awaited
  auto rest = add(ray::put(1), static_cast<int>(x) * 2 - 1);
  co_return co_await rest;
}

int main() {
  ray::init({.num_cpus = 1});  // which a task that awaits another lends it
  auto sum = add.remote(slow.remote(1), 2);
  static_assert(std::is_same_v<decltype(sum), ray::ObjectRef<int>>);
  assert(ray::get(sum) == 3 && ray::get(ray::task(add).remote(sum, 4)) == 7);
  static_assert(std::is_same_v<decltype(nothing.remote()), ray::ObjectRef<void>>);
  ray::get(nothing.remote());
  assert(ray::get(word.remote("view", "ed")).text == "viewed");
  assert(*ray::get(pointer.options({.num_cpus = 0.5}).remote(7)) == 7);
  auto [number, text] = two.remote();
  assert(ray::get(number) == 1 && ray::get(text) == "a");
  assert(ray::get(twice.remote(4)) == 8 && ray::get(twice<short>.remote(short{1})) == 2);
  assert(ray::get(add(ray::put(1), 1)) == 2);  // here, without a task
  const int k = 3;
  auto lambda = ray::remote([k](ray::ObjectRef<int> x) -> ray::Task<int> {
    const int before = k;
    co_return co_await x * before + k;
  });
  assert(ray::get(lambda.remote(slow.remote(2))) == 9);
  try {
    ray::get(forever.remote());
    assert(false);
  } catch (const ray::TaskError& error) {
    assert(std::string(error.what()).find("ray::Condition") != std::string::npos);
  }
}
