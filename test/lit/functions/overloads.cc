// Overload sets, annotated in part, beside functions of other headers; ADL; using-declarations.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <string>
#include <type_traits>
#include <unistd.h>

[[ray::remote]] int read(int x) { return x; }                  // beside ::read of <unistd.h>
[[ray::remote]] std::string read(const std::string& x) { return x; }
double read(double x) { return x; }                            // not annotated

namespace shapes {
struct Circle { double radius; };
[[ray::remote]] double area(Circle circle) { return circle.radius; }
[[ray::remote]] long area(long side) { return side * side; }
}  // namespace shapes
using shapes::area;

template <class T, class U>
constexpr bool same = std::is_same_v<T, ray::ObjectRef<U>>;

static_assert(same<decltype(read.remote(1)), int>);
static_assert(same<decltype(read.remote(std::string())), std::string>);
static_assert(same<decltype(read.remote(read.remote(1))), int>);
static_assert(same<decltype(read.remote(read.remote(std::string()))), std::string>);
static_assert(same<decltype(area.remote(2L)), long>);
static_assert(same<decltype(shapes::area.remote(shapes::Circle{1})), double>);

double use(char* buffer) {
  return read(1.5) + read(1) + area(shapes::Circle{1}) + static_cast<double>(read(0, buffer, 1));
}
