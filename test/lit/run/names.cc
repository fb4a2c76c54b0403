// What a name stands for: overloads, members, bases, using-declarations, specialisations,
// recursion; remote calls in lambdas and templates.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror -Wno-ray-tiny-task %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <functional>
#include <string>
#include <vector>

[[ray::remote]] int count(int x) { return x; }
[[ray::remote]] int deduced(int x);
struct Holder {
  [[ray::remote]] static int total(int x, int y = 2) { return x + y; }
  [[ray::remote]] static std::string total(std::string x) { return x; }
  int use() { return ray::get(total.remote(1)) + ray::get(count.remote(1)); }
};
struct Derived : Holder {
  int use2() { return ray::get(total.remote(1)); }
};
int deduced(int x) { return x + 1; }
namespace a {
[[ray::remote]] int f(int x) { return x; }
[[ray::remote]] int f(double) { return 7; }
}  // namespace a
namespace b {
using a::f;
}
namespace d {
using a::f;
[[ray::remote]] int f(std::string) { return 9; }
}  // namespace d
namespace c {
using namespace a;
int g() { return ray::get(f.remote(1)); }
}  // namespace c
template <class T>
int through(T x) {
  return ray::get(a::f.remote(x)) + ray::get(count.remote(x));
}
template <class T>
[[ray::remote]] T rec(T n) {
  return n <= 1 ? T(1) : n * ray::get(rec.remote(n - 1));
}
auto lambda = [](int x) { return ray::get(count.remote(x)); };
[[ray::remote]] inline int with_local(int n) {
  struct L {
    int v;
  };
  auto inner = [&] { return count.remote(n); };
  return ray::get(inner());
}
[[deprecated("x"), ray::remote]] int old(int x) { return x; }
template <>
int rec<int>(int n) {
  return n * 100;
}
struct Deduced {
  [[ray::remote]] static auto doubled(int x) { return x * 2; }
};
template <class T>
struct Box {
  [[ray::remote]] static auto doubled(T x) { return x * 2; }
};
int main() {
  ray::init();
  assert(ray::get(Deduced::doubled.remote(2)) == 4);
  assert(ray::get(Deduced::doubled.options({}).remote(ray::put(2))) == 4);
  assert(ray::get(Box<int>::doubled.remote(2)) == 4);
  Derived h;
  assert(h.use() == 4 && h.use2() == 3);
  assert(ray::get(Derived::total.remote(std::string("s"))) == "s");
  assert(ray::get(b::f.remote(1)) == 1 && ray::get(b::f.remote(1.5)) == 7);
  assert(ray::get(d::f.remote(1)) == 1 && ray::get(d::f.remote("s")) == 9);
  assert(ray::get(d::f.remote(ray::put(1))) == 1);
  assert(ray::get(d::f.remote(ray::put(std::string("s")))) == 9);
  assert(ray::get(d::f.options({}).remote("s")) == 9);
  assert(c::g() == 1 && through(3) == 6);
  assert(ray::get(rec.remote(4)) == 400);
  assert(ray::get(rec.remote(4.0)) == 24);
  assert(lambda(3) == 3 && ray::get(with_local.remote(3)) == 3);
  std::function<int(int)> g = count;
  assert(g(2) == 2);
  auto* p = &deduced;
  assert(p(1) == 2);
  assert(ray::get(deduced.remote(1)) == 2);
  std::vector<ray::ObjectRef<int>> refs;
  for (auto x : {1, 2}) refs.push_back(count.remote(x));
  assert(ray::get(refs)[1] == 2);
  ray::shutdown();
}
