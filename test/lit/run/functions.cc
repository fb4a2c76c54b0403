// Remote calls run the function that a plain call would: overloads, defaults, templates, refs.
// RUN: %ray-cc -Wall -Wextra -Werror -Wno-ray-mutable-global %s -o %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>
#include <cassert>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

[[ray::remote]] std::string kind(int) { return "int"; }
[[ray::remote]] std::string kind(double) { return "double"; }
[[ray::remote]] std::string kind(const std::string&) { return "string"; }

int next_default() {
  static int next = 10;
  return next++;
}
[[ray::remote]] int add(int x, int y = next_default()) { return x + y; }

namespace math {
template <class T>
[[ray::remote]] T twice(T x) { return x + x; }
struct Functions {
  [[ray::remote]] static int negate(int x) { return -x; }
};
}  // namespace math

[[ray::remote]] double total(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}
[[ray::remote]] std::size_t length(std::string_view text) { return text.size(); }
[[ray::remote]] int sum(const std::vector<int>& values) {
  return std::accumulate(values.begin(), values.end(), 0);
}
[[ray::remote(num_returns = all)]] std::tuple<int, std::string> parts(int x) { return {x, "p"}; }
[[ray::remote]] int through(ray::ObjectRef<int> ref) { return ray::get(ref) + 1; }
[[ray::remote]] int fails(int x) { throw std::out_of_range("far " + std::to_string(x)); }
[[ray::remote]] int fibonacci(int n) {
  return n < 2 ? n : ray::get(fibonacci.remote(n - 1)) + fibonacci(n - 2);
}
static int calls = 0;
[[ray::remote]] void nothing() { ++calls; }

int main() {
  ray::init();
  assert(ray::get(kind.remote(1)) == "int" && ray::get(kind.remote(1.5)) == "double");
  assert(ray::get(kind.remote(kind.remote(1))) == "string");
  assert(ray::get(add.remote(1)) == 11 && ray::get(add.remote(1)) == 12);
  assert(ray::get(add.remote(add.remote(1, 1), 2)) == 4);
  assert(ray::get(math::twice.remote(std::string("a"))) == "aa");
  assert(ray::get(math::twice<double>.remote(1)) == 2.0);
  assert(ray::get(math::Functions::negate.remote(3)) == -3);
  assert(ray::get(total.remote(std::vector<double>{1, 2.5})) == 3.5);
  assert(ray::get(total.remote(ray::put(std::vector<double>(50'000, 1)))) == 50'000);
  assert(ray::get(length.remote(ray::put(std::string("four")))) == 4);
  assert(ray::get(sum.remote(std::vector{add.remote(1, 1), add.remote(2, 2)})) == 6);
  auto [number, text] = parts.remote(add.remote(1, 2));
  assert(ray::get(number) == 3 && ray::get(text) == "p");
  assert(ray::get(through.remote(number)) == 4);
  assert(ray::get(fibonacci.remote(8)) == 21);
  assert(ray::get(ray::task(math::Functions::negate).remote(1)) == -1);
  assert(ray::get(add.options({.num_cpus = 0.5, .name = "sum"}).remote(1, 1)) == 2);
  ray::get(nothing.remote());
  assert(calls == 1);
  try {
    ray::get(fails.remote(2));
    assert(false);
  } catch (const std::out_of_range& error) {
    assert(std::string_view(error.what()).find("far 2") != std::string_view::npos);
  }
  ray::shutdown();
}
