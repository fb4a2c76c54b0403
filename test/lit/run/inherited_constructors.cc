// Constructors that a using-declaration brings in make actors as the class's own do, and give way
// to those.
// RUN: %ray-cc %s -o %t && env RAY_ENGINE=native %t
#include <ray/ray.h>
#include <cassert>
#include <string>

struct Base {
  Base(int number) : value(number) {}
  Base(const std::string& text, int more = 5) : value(static_cast<int>(text.size()) + more) {}
  int value;
};
struct [[ray::remote]] Inherits : Base {
  using Base::Base;
  int get() { return value; }
};
struct [[ray::remote]] Hides : Base {
  using Base::Base;
  Hides(int number) : Base(number + 1) {}
  int get() { return value; }
};

#undef NDEBUG
#include <cassert>
int main() {
  ray::init();
  assert(ray::get(Inherits::remote(1).get.remote()) == 1);
  assert(ray::get(Inherits::remote("ab").get.remote()) == 7);
  assert(ray::get(Inherits::remote("ab", 1).get.remote()) == 3);
  assert(ray::get(Inherits::remote(ray::put(4)).get.remote()) == 4);
  assert(ray::get(Hides::remote(1).get.remote()) == 2);
  assert(ray::get(Hides::remote("ab").get.remote()) == 7);
}
