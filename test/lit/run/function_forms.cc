// The forms that a function can have, each called remotely.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <array>
#include <cassert>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

// Only movable.
[[ray::remote]] std::unique_ptr<int> make(int x) { return std::make_unique<int>(x); }
[[ray::remote]] int take(std::unique_ptr<int> p) { return *p; }
[[ray::remote]] int take_ref(const std::unique_ptr<int>& p) { return *p; }
[[ray::remote]] int take_rref(std::unique_ptr<int>&& p) { return *std::move(p); }
struct Only {
  std::unique_ptr<int> p;
  std::vector<std::unique_ptr<std::string>> v;
};
[[ray::remote]] Only pass(Only o) { return o; }
// Results, specifiers and attributes of every form.
[[ray::remote]] constexpr int sq(int x) noexcept { return x * x; }
[[ray::remote]] auto trailing(int x) -> std::vector<int> { return {x}; }
[[ray::remote]] auto deduced(int x) { return x + 0.5; }
[[ray::remote]] decltype(auto) deduced2(int x) { return x + 1; }
[[ray::remote]] auto abbreviated(auto x, auto y) { return x + y; }
// Names: friends, using-declarations, linkage.
namespace geo {
struct P {
  int x;
  friend int twice(P p);
};
[[ray::remote]] int twice(P p) { return 2 * p.x; }
}  // namespace geo
using geo::twice;
extern "C" {
[[ray::remote]] int c_fn(int x) { return x + 1; }
}
extern "C" [[ray::remote]] int c_fn2(int x) { return x + 2; }
namespace {
[[ray::remote]] int anon(int x) { return x; }
}  // namespace
static int hidden_state = 3;
[[ray::remote]] static int stat(int x) { return x + hidden_state; }
[[nodiscard]] [[ray::remote]] int attr(int x) { return x; }
[[ray::remote, nodiscard, gnu::noinline]] int attr2(int x) { return x; }
[[ray::remote(num_returns = all)]] std::tuple<int, std::unique_ptr<int>> several() {
  return {1, std::make_unique<int>(2)};
}
[[ray::remote]] void nothing() {}
[[ray::remote]] int view(std::span<const double> s, std::string_view t) {
  return s.size() + t.size();
}
[[ray::remote]] int fixed(std::span<const int, 3> s) { return s[2]; }
int callback(int (*f)(int), int x) { return f(x); }
template <class T>
  requires(sizeof(T) > 1)
[[ray::remote]] T constrained(T x) {
  return x;
}
[[ray::remote]] int arr(std::array<int, 3> a = {1, 2, 3}) { return a[2]; }
[[ray::remote]] int qual(::geo::P p, const ::std::string s) { return p.x + s.size(); }
template <class T>
[[ray::remote]] std::string exclaimed(const T& text) {
  return std::string(text) + "!";
}
template <class F, class... A>
[[ray::remote]] auto invoked(F&& f, A&&... a) {
  return std::forward<F>(f)(std::forward<A>(a)...);
}
[[ray::remote]] int third(const int (&numbers)[3]) { return numbers[2]; }
template <class F>
[[ray::remote]] int applied(int x) {
  struct Local {
    int more;
    int operator()(int y) const { return y + more; }
  };
  return Local{x}(F()(x));
}
struct Twice {
  int operator()(int x) const { return 2 * x; }
};

int main() {
  ray::init();
  assert(ray::get(applied<Twice>.remote(3)) == 9);
  assert(ray::get(exclaimed.remote("abc")) == "abc!");
  std::string own = "own";
  const std::string fixed_text = "fixed";
  const auto join = [](std::string a, const std::string& b) { return a + b; };
  assert(ray::get(invoked.remote(join, own, fixed_text)) == "ownfixed");
  assert(ray::get(invoked.remote(join, std::string("a"), "b")) == "ab");
  const int numbers[] = {1, 2, 3};
  assert(ray::get(third.remote(numbers)) == 3);
  assert(*ray::get(make.remote(3)) == 3);
  assert(ray::get(take.remote(std::make_unique<int>(4))) == 4);
  assert(ray::get(take.remote(make.remote(5))) == 5);
  assert(ray::get(take_ref.remote(make.remote(5))) == 5);
  assert(ray::get(take_rref.remote(make.remote(5))) == 5);
  Only o;
  o.p = std::make_unique<int>(3);
  o.v.push_back(std::make_unique<std::string>("x"));
  Only back = ray::get(pass.remote(std::move(o)));
  assert(*back.p == 3 && *back.v[0] == "x");
  assert(ray::get(sq.remote(3)) == 9);
  assert(ray::get(trailing.remote(3))[0] == 3);
  assert(ray::get(deduced.remote(3)) == 3.5);
  assert(ray::get(deduced2.remote(3)) == 4);
  assert(ray::get(abbreviated.remote(3, 0.5)) == 3.5);
  assert(ray::get(abbreviated.remote(sq.remote(2), 0.5)) == 4.5);
  assert(ray::get(twice.remote(geo::P{3})) == 6);
  assert(ray::get(c_fn.remote(c_fn2.remote(1))) == 4);
  assert(ray::get(anon.remote(1)) == 1);
  assert(ray::get(stat.remote(1)) == 4);
  assert(ray::get(attr.remote(attr2.remote(1))) == 1);
  auto [a, b] = several.remote();
  assert(ray::get(a) == 1 && *ray::get(b) == 2);
  ray::get(nothing.remote());
  assert(ray::get(view.remote(std::vector<double>{1, 2}, "abc")) == 5);
  assert(ray::get(fixed.remote(std::array<int, 3>{1, 2, 3})) == 3);
  assert(ray::get(fixed.remote(ray::put(std::array<int, 3>{1, 2, 3}))) == 3);
  assert(callback(sq, 3) == 9 && callback(&c_fn, 1) == 2);
  assert(ray::get(constrained.remote(3)) == 3);
  assert(ray::get(arr.remote()) == 3);
  assert(ray::get(arr.remote({4, 5, 6})) == 6);
  assert(ray::get(qual.remote({2}, "ab")) == 4);
  ray::shutdown();
}
