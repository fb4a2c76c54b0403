// ray::remote makes a task of a lambda, which takes its captures along.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Wshadow -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
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
  ray::shutdown();
}
