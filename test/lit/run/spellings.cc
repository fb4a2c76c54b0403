// Names and types however they are spelled: nested, defaulted, hidden, the library's own.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <map>
#include <string>
#include <vector>

[[ray::remote]] int size(int x) { return x; }
struct Has {
  int size = 3;
  ray::ObjectRef<int> go() { return ::size.remote(4); }
};
[[ray::remote]] int defaulted(std::map<std::string, std::vector<int>> m = {{"a", {1, 2}}},
                              int n = sizeof(long) > 4 ? 2 : 1, const char c = ',') {
  return int(m["a"].size()) + n + c;
}
template <class T = int, class U = std::vector<T>>
[[ray::remote]] std::size_t dflt(U u = U(3)) {
  return u.size();
}
namespace deep::inner::ns {
struct X {
  int v;
};
enum class E { a, b };
[[ray::remote]] X mk(E e = E::b, X x = {4}) { return {int(e) + x.v}; }
}  // namespace deep::inner::ns
struct Outer {
  struct In {
    int v = 1;
  };
  enum Kind { k1, k2 };
  [[ray::remote]] static In make(Kind k = k2, In i = In{3}) { return {int(k) + i.v}; }
};
template <class T>
struct Tm {
  using value = T;
  struct Opt {
    T v{};
  };
  [[ray::remote]] static Opt opt(value v, Opt o = {}) { return {v + o.v}; }
};
// The letters of template parameters.
struct S {};
template <class A, class B, class C, class D, class E, class F, class I, class K, class L, class N,
          class P, class Q, class R, class T, class U, class V, class X>
struct Letters : S {
  V v{};
  X x{};
  template <class W>
  [[ray::remote]] static W sum(const Letters& l, W w) { return l.v + l.x + w; }
};
using Alias = std::map<int, std::string>;
[[ray::remote]] Alias alias(const Alias& a) { return a; }
[[ray::remote]] long long unsigned int longtype(unsigned long long int x) { return x; }
[[ray::remote]] int name_clash(int f, int g, int remote, int options) {
  return f + g + remote + options;
}
[[ray::remote]] int submit(int x) { return x; }
[[ray::remote]] int ray_name(int ray_0, int info) { return ray_0 + info; }
namespace std_like {
namespace std {
[[ray::remote]] int inner(int x) { return x; }
}  // namespace std
}  // namespace std_like
namespace ray_like {
namespace ray {
[[ray::remote]] int inner2(int x) { return x; }
}  // namespace ray
}  // namespace ray_like
#if 0
[[ray::remote(num_cpus = bad)]] int disabled();
#endif
int main() {
  ray::init();
  assert(ray::get(Has{}.go()) == 4);
  assert(ray::get(defaulted.remote()) == 2 + 2 + ',');
  assert(ray::get(dflt<int>.remote()) == 3);
  assert(ray::get(deep::inner::ns::mk.remote()).v == 5);
  assert(ray::get(Outer::make.remote()).v == 4);
  assert(ray::get(Tm<int>::opt.remote(3)).v == 3);
  using OfInt = Letters<int, int, int, int, int, int, int, int, int, int, int, int, int, int, int,
                        int, int>;
  assert(ray::get(OfInt::sum.remote(OfInt{{}, 1, 2}, 3)) == 6);
  assert(ray::get(alias.remote({{1, "x"}})).size() == 1);
  assert(ray::get(longtype.remote(3)) == 3);
  assert(ray::get(name_clash.remote(1, 2, 3, 4)) == 10);
  assert(ray::get(submit.remote(1)) == 1);
  assert(ray::get(ray_name.remote(1, 2)) == 3);
  assert(ray::get(std_like::std::inner.remote(1)) == 1);
  assert(ray::get(ray_like::ray::inner2.remote(1)) == 1);
  ray::shutdown();
}
