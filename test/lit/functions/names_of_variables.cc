// A variable may have a remote function's name: by its scope, or in parentheses, it is itself; and so
// is the function where the variable is not nearer.
// RUN: %ray-cc -Werror=ray %s -o %t && env RAY_ENGINE=local %t
#include <ray/ray.h>

[[ray::remote]] int size(int x) { return x; }

struct Shirt {
  int remote(int x) const { return -x; }
};
namespace shop {
Shirt size;
int of_shop() { return (size).remote(1); }
}  // namespace shop

namespace tools {
namespace {
[[ray::remote]] int size(int x) { return 2 * x; }
int of_tools() { return ray::get(size.remote(1)); }
}  // namespace
using shop::of_shop;
}  // namespace tools

struct Wardrobe {
  static inline Shirt size;
};

int main() {
  ray::init();
  const int plain = ray::get(::size.remote(1));
  const int variable = shop::size.remote(1) + ::shop::size.remote(1) + Wardrobe::size.remote(1);
  const Shirt own;
  const auto inner = [&](const Shirt& size) { return (size).remote(1); };
  return plain == 1 && variable == -3 && tools::of_tools() == 2 && inner(own) == -1 ? 0 : 1;
}
