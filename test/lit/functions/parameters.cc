// Every form of parameter takes a value, a ref, or what converts to it.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror -Wno-ray-discarded-ref %s
#include <ray/ray.h>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

[[ray::remote]] int value(int x) { return x; }
[[ray::remote]] int rvalue(std::string&& x) { return static_cast<int>(x.size()); }
[[ray::remote]] double total(std::span<const double> values) { return values[0]; }
[[ray::remote]] int count(std::string_view text) { return static_cast<int>(text.size()); }
[[ray::remote]] int sum(const std::vector<int>& values) { return values[0]; }
[[ray::remote]] int itself(ray::ObjectRef<int> ref) { return ray::get(ref); }
[[ray::remote]] int unnamed(int, const std::map<std::string, int>& = {}, int last = 7) { return last; }
[[ray::remote]] int braces(std::pair<int, double> pair, std::vector<int> list) { return pair.first + list[0]; }
[[ray::remote]] void nothing() {}

static_assert(std::is_same_v<decltype(nothing.remote()), ray::ObjectRef<void>>);

void use() {
  auto one = value.remote(1);
  auto doubles = ray::put(std::vector<double>{1, 2});
  value.remote('c');
  value.remote(one);
  rvalue.remote("text");
  rvalue.remote(ray::put(std::string("text")));
  total.remote(std::vector<double>{1});
  total.remote(doubles);
  count.remote("text");
  sum.remote({1, 2, 3});
  sum.remote(std::vector{one, value.remote(2)});
  sum.remote(ray::put(std::vector{1}));
  itself.remote(one);
  unnamed.remote(one);
  unnamed.remote(1, {{"a", 1}}, 2);
  braces.remote({1, 2.5}, {1, 2});
}
