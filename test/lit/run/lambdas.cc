// ray::remote makes a task of a lambda, which takes its captures along.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Wshadow -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <concepts>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

template <class T>
int scaled(T by) {
  auto task = ray::remote([by](int x) { return static_cast<int>(sizeof(T)) * 100 + x * by; });
  return ray::get(task.remote(2));
}
struct Point {
  int x = 1;
  std::vector<std::string> names;
};

template <class... A>
std::size_t packs(A... a) {
  auto sum = ray::remote([a...](int x) { return (x + ... + a); });
  auto renamed = ray::remote([... b = a](auto x) { return (x + ... + b); });
  assert(ray::get(sum.remote(1)) == ray::get(renamed.remote(1)));
  auto mixed = ray::remote([n = 10, ... b = std::move(a), m(sizeof...(A))](int x) mutable {
    ((b += n), ...);
    return (x + ... + b) + m;
  });
  return ray::get(mixed.remote(1));
}
template <class F>
[[ray::remote]] int applied(F f, int x) {
  return f(x);
}
template <std::size_t... I>
int applied_each(std::index_sequence<I...>) {
  return (0 + ... + ray::get(applied.remote([](int x) { return x * static_cast<int>(I); }, 2)));
}
template <std::size_t... I>
int weighted(std::index_sequence<I...>) {
  return (0 + ... + ray::get(ray::remote([](int x) { return x * static_cast<int>(I); }).remote(2)));
}
template <class T>
struct Initialised {
  int size = ray::get(ray::remote([] { return static_cast<int>(sizeof(T)); }).remote());
};
const auto kept = ray::remote([](int x) { return x + 1; });
template <class T>
concept Small = sizeof(T) <= 4;

// Both stand at the place of the macro.
#define STEPS ray::remote([](int x) { return x + 1; }), ray::remote([](int x) { return x + 2; })

int main() {
  ray::init();
  const int k = 3;
  std::string text = "text";
  auto add = ray::remote([k](int x) { return x + k; });
  assert(ray::get(add.remote(2)) == 5);
  assert(ray::get(add.remote(ray::put(4))) == 7);
  assert(ray::get(add.options({.num_cpus = 0.5}).remote(1)) == 4);
  auto join = ray::remote([text, more = text + "!", point = Point{2, {"a"}}](
                              const std::string& x) -> std::string {
    auto inner = [&] { return text + more; };
    return inner() + point.names[0] + x;
  });
  text = "changed";
  assert(ray::get(join.remote("x")) == "texttext!ax");
  auto count = ray::remote([n = 0] () mutable { return ++n; });
  assert(ray::get(count.remote()) == 1 && ray::get(count.remote()) == 1);
  auto plain = ray::remote([](int x, int y) noexcept { return x * y; });
  assert(ray::get(plain.remote(2, 3)) == 6);
  auto ref = ray::put(8);
  assert(ray::get(ray::remote([ref] { return ray::get(ref) + 1; }).remote()) == 9);
  const auto [one, two] = std::tuple(STEPS);
  assert(ray::get(one.remote(1)) == 2 && ray::get(two.remote(1)) == 3);
  assert(scaled(2) == 404);
  assert(scaled('\3') == 106);
  int other = 2;
  auto defaults = ray::remote([k](int x, int y = 2, std::string z = "ab") mutable {
    return ++x + k + y + static_cast<int>(z.size());
  });
  assert(ray::get(defaults.remote(1)) == 9 && ray::get(defaults.remote(k, other)) == 11);
  assert(ray::get(defaults.options({}).remote(ray::put(1), 2, "a")) == 8);
  assert(ray::get(ray::remote([](int x = 7) { return x; }).remote()) == 7);
  auto generic = ray::remote([k](auto x) { return x + k; });
  assert(ray::get(generic.remote(1.5)) == 4.5 && ray::get(generic.remote(other)) == 5);
  assert(ray::get(generic.remote(ray::put(2.5))) == 5.5 && ray::get(generic.remote(2)) == 5);
  auto total = ray::remote([](const auto&... x) { return (0 + ... + x); });
  assert(ray::get(total.remote()) == 0 && ray::get(total.remote(1, other, ray::put(3))) == 6);
  assert(ray::get(ray::remote([](const auto& x) { return x.size(); }).remote("four")) == 4);
  const auto twice = [](int x) { return 2 * x; };
  assert(ray::get(applied.remote(twice, 3)) == 6);
  assert(ray::get(ray::remote([twice](int x) { return twice(x); }).remote(4)) == 8);
  assert(applied_each(std::make_index_sequence<4>()) == 12);
  assert(weighted(std::make_index_sequence<4>()) == 12);
  assert(Initialised<char>().size == 1 && Initialised<int>().size == 4);
  assert(ray::get(kept.remote(1)) == 2);
  assert(packs(1, 2) == 26 && packs() == 1);
  auto sized = ray::remote([k]<class T, class A>(const std::vector<T, A>& x) { return x[0] + k; });
  assert(ray::get(sized.remote(std::vector{1.5})) == 4.5);
  auto small = ray::remote(
      [k]<std::integral T, int N = (3 > 2)> requires Small<T> && requires(T t) { t + 1; }
      (T x) requires(sizeof(T) == 4) { return x + k + N; });
  assert(ray::get(small.remote(2)) == 6);
  auto size = ray::remote([](const Point& p, std::vector<int> v = {1, 2}) {
    return p.x + v[0] * 10 + static_cast<int>(p.names.size()) * 100;
  });
  assert(ray::get(size.remote({2, {"a"}})) == 112);
  assert(ray::get(size.remote({.x = 3, .names = {}}, {5})) == 53);
  assert(ray::get(size.options({.num_cpus = 1}).remote({4, {}})) == 14);
  ray::shutdown();
}
