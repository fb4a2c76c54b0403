// Function templates: deduced from values and from refs, or with arguments that are written down.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <concepts>
#include <type_traits>
#include <vector>

template <class T>
[[ray::remote]] T twice(T x) { return x + x; }

template <class To, std::integral From>
[[ray::remote]] To convert(From x) { return static_cast<To>(x); }

template <class... Numbers>
[[ray::remote]] auto sum(Numbers... numbers) -> double { return (0.0 + ... + numbers); }

template <class T>
[[ray::remote]] std::size_t length(const std::vector<T>& values) { return values.size(); }

template double twice(double);   // an explicit instantiation

template <class T, class U>
constexpr bool same = std::is_same_v<T, ray::ObjectRef<U>>;

void use() {
  auto two = twice.remote(1);
  static_assert(same<decltype(two), int>);
  static_assert(same<decltype(twice.remote(two)), int>);
  static_assert(same<decltype(twice<double>.remote(1)), double>);
  static_assert(same<decltype(convert<float>.remote(two)), float>);
  static_assert(same<decltype(sum.remote(1, two, 2.5)), double>);
  static_assert(same<decltype(length.remote(std::vector{1, 2})), std::size_t>);
}
