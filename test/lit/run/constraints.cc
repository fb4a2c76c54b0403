// Constraints of every form: of templates, of `auto`, behind the parameters, of a class template's
// members, also by the class's own parameters; overloads that differ in nothing else.
// RUN: %ray-cc -Wall -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <concepts>
#include <string>
#include <vector>

namespace n {
template <class T, class U>
concept as = std::convertible_to<T, U>;
template <class T>
concept Sized = requires(const T& x) { x.size(); };
}  // namespace n
using n::Sized;
#define NUM std::integral auto
#define PAIR(a, b) std::integral auto a, n::as<int> auto b
[[ray::remote]] int kind(std::integral auto a) { return 1; }
[[ray::remote]] int kind(std::floating_point auto a) { return 2; }
[[ray::remote]] int size(const Sized auto& a) { return a.size(); }
[[ray::remote]] int size2(Sized auto&& a, NUM b, int c = 3) { return a.size() + b + c; }
[[ray::remote]] int conv(n::as<std::vector<int>> auto a) { return a.size(); }
[[ray::remote]] double total(std::floating_point auto... a) { return (0.0 + ... + a); }
template <class T> [[ray::remote]] int mixed(T x, n::as<T> auto y, auto z) { return x + T(y) + z; }
[[ray::remote]] int pair(PAIR(x, y)) { return x * 10 + y; }
template <class T> [[ray::remote]] int tr(T x) requires std::integral<T> { return 1; }
template <class T>
[[ray::remote]] int tr(T x) requires (!std::integral<T> && sizeof(x) == 8) { return 2; }
template <class T> requires std::integral<T> [[ray::remote]] int hr(T x) { return 1; }
template <class T> requires std::floating_point<T> [[ray::remote]] int hr(T x) { return 2; }
template <std::integral auto N> [[ray::remote]] int nt(int x) { return x + N; }
template <class T> class [[ray::remote]] Store {
 public:
  explicit Store(T x) requires std::integral<T> : x_(x) {}
  explicit Store(T x) requires (!std::integral<T>) : x_(x + 1) {}
  template <class F> requires std::convertible_to<F, T> int r(F f) { return 1; }
  template <class F> requires (!std::convertible_to<F, T>) int r(F f) { return 2; }
  template <std::convertible_to<T> F> F c(F f) { return f; }
  template <class F> F t(F f) requires std::convertible_to<F, T> { return f; }
  int a(std::convertible_to<T> auto f) { return 4; }
  int only() requires std::integral<T> { return 5; }
  int only() requires std::floating_point<T> { return 6; }
  template <class F>
  requires std::convertible_to<F, T> [[ray::remote]] static F s(F f) { return f; }
  [[ray::remote]] static T q(T f) requires std::integral<T> { return f; }
  T x() const { return x_; }
 private:
  T x_;
};
int main() {
  ray::init();
  using ray::get;
  assert(get(kind.remote(1)) == 1 && get(kind.remote(1.5)) == 2);
  assert(get(kind.remote(ray::put(1))) == 1 && get(kind.options({}).remote(1.5)) == 2);
  assert(get(size.remote(std::string("abc"))) == 3);
  assert(get(size2.remote(std::string("abc"), ray::put(2))) == 8);
  assert(get(conv.remote(std::vector<int>{1})) == 1);
  assert(get(total.remote(1.0, 2.0)) == 3);
  assert(get(mixed.remote(1, 2.0, 3)) == 6);
  assert(get(pair.remote(1, 2.0)) == 12);
  assert(get(tr.remote(1)) == 1 && get(tr.remote(1.5)) == 2 && get(tr.remote(ray::put(1.5))) == 2);
  assert(get(hr.remote(1)) == 1 && get(hr.remote(1.5)) == 2);
  assert(get(hr<int>.remote(1)) == 1 && get(hr<double>.options({}).remote(1)) == 2);
  assert(get(ray::task(hr<double>).remote(1)) == 2 && get(ray::task(tr<double>).remote(1)) == 2);
  assert(get(ray::task(kind<double>).remote(1)) == 2);
  assert(get(nt<3>.remote(1)) == 4);
  auto s = Store<int>::remote(7);
  auto d = Store<double>::remote(7);
  assert(get(s.x.remote()) == 7 && get(d.x.remote()) == 8);
  assert(get(s.r.remote(1.5)) == 1 && get(s.r.remote(std::string())) == 2);
  assert(get(s.c.remote(2)) == 2 && get(s.t.remote(2)) == 2 && get(s.a.remote(2)) == 4);
  assert(get(s.only.remote()) == 5 && get(d.only.remote()) == 6);
  assert(get(Store<int>::s.remote(3)) == 3 && get(Store<int>::q.remote(3)) == 3);
  ray::shutdown();
}
