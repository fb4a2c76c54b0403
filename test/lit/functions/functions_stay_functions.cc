// An annotated function is still that function: name, type, attributes and every way to use it.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <functional>
#include <type_traits>
#include <string>

[[ray::remote(num_cpus = 0.5)]] int square(int x) { return x * x; }
[[ray::remote]] constexpr int twice(int x) { return 2 * x; }
[[ray::remote]] int with_default(int x, int y = 3) noexcept { return x + y; }
[[ray::remote]] std::string own_name() { return __func__; }

static_assert(std::is_same_v<decltype(square), int(int)>);
static_assert(std::is_same_v<decltype(with_default), int(int, int) noexcept>);
static_assert(std::is_same_v<decltype(square(1)), int>);
static_assert(twice(4) == 8);

int (*pointer)(int) = square;
int (*address)(int) = &square;
int (&reference)(int) = square;
std::function<int(int)> held = square;

struct Point { int bits : 3; static const int kIn = 4; };
[[ray::remote]] int by_value(const int& x) { return x; }
[[ray::remote]] double norm(Point p) { return p.bits; }

int use() {
  Point point{1};
  int square(int);                       // a declaration at block scope
  return square(2) + with_default(1) + by_value(point.bits) + by_value(Point::kIn) +
         static_cast<int>(norm({1})) + static_cast<int>(own_name().size()) + held(1);
}
