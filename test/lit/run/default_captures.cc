// A remote lambda's [=] captures what its body uses, when the task is made, and sends that along.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Wshadow -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
// RUN: %ray-cc --rewrite %s > %t.rewritten.cc
// RUN: FileCheck %s --check-prefix=TEXT < %t.rewritten.cc
#undef NDEBUG
#include <ray/ray.h>

#include <array>
#include <cassert>
#include <string>
#include <tuple>
#include <vector>

[[ray::remote]] int doubled(int x) {
  return 2 * x;
}

static int calls = 0;
const int factor = 3;

template <class T>
int in_template(T by, int n) {
  const auto size = sizeof(T);
  auto task = ray::remote([=](int x) { return static_cast<int>(size) * 1000 + x * by + n; });
  return ray::get(task.remote(2));
}
template <class T>
int in_some_instances(T value, std::vector<T> others) {
  auto task = ray::remote([=](int x) {
    if constexpr (sizeof(T) == 1) return x + static_cast<int>(others.size());
    return x + static_cast<int>(value);
  });
  return ray::get(task.remote(1));
}
template <class... A>
int packs(int n, A... a) {
  auto sum = ray::remote([=](int x) { return ((n + x) + ... + a); });
  auto more = ray::remote([=, m = n + 1]() mutable { return (m + ... + ++a); });
  return ray::get(sum.remote(1)) * 100 + ray::get(more.remote());
}
struct Holder {
  int size = 5;
  int copied() const {
    return ray::get(ray::remote([self = *this](int x) { return x + self.size; }).remote(1));
  }
  static int in_static(int n) {
    return ray::get(ray::remote([=] { return n + 1; }).remote());
  }
};
template <class T>
struct Box {
  T value;
  int times(int n) const {
    const T own = value;
    return ray::get(ray::remote([=] { return static_cast<int>(own) * n; }).remote());
  }
};
int defaulted(int n, int result = ray::get(ray::remote([=] { return factor; }).remote())) {
  return n + result;
}
const auto at_namespace_scope = ray::remote([=](int x) { return x + factor; });

// Each expansion captures its own.
#define ADD ray::remote([=](int x) { return x + SECOND(n); })
#define SECOND(x) (x + second)

int first_expansion(int n, int second) {
  return ray::get(ADD.remote(1)) + ray::get(ADD.remote(2));
}
long second_expansion(long n, int second) {
  return ray::get(ADD.remote(1));
}

int main() {
  ray::init();
  const int k = 3;
  std::string text = "text";
  std::vector<int> numbers = {1, 2, 3};
  const int& reference = numbers[1];
  auto join = ray::remote([=](const std::string& x) -> std::string {
    auto inner = [&] { return text + std::to_string(numbers[0]); };
    return inner() + x + std::to_string(reference);
  });
  text = "changed";
  numbers[1] = 7;
  assert(ray::get(join.remote("x")) == "text1x2");
  // What is not captured: constants, statics, globals, parameters, the lambda's own.
  static int own = 4;
  auto none = ray::remote([=](int x) {
    std::array<int, k> a = {x};
    int text = k;
    return a[0] + static_cast<int>(a.size()) + text + factor + own + 0 * calls;
  });
  assert(ray::get(none.remote(1)) == 14);
  assert(ray::get(ray::remote([=] { return 1; }).remote()) == 1);
  assert(ray::get(ray::remote([ = ] { return text.size(); }).remote()) == 7);
  auto named = ray::remote([=, more = text + "!", k](int x) { return more + text + char('0' + x + k); });
  assert(ray::get(named.remote(1)) == "changed!changed4");
  auto count = ray::remote([=, n = 0]() mutable { return numbers[0] += ++n; });
  assert(ray::get(count.remote()) == 2 && ray::get(count.remote()) == 2);
  auto changed = ray::remote([=]() mutable { return ++numbers[0]; });
  assert(ray::get(changed.remote()) == 2 && ray::get(changed.remote()) == 2 && numbers[0] == 1);
  const auto [one, two] = std::tuple(1, std::string("two"));
  assert(ray::get(ray::remote([=] { return two + std::to_string(one); }).remote()) == "two1");
  auto whole = std::tuple<int, std::vector<int>>(1, {2});
  auto& [first, second] = whole;
  assert(ray::get(ray::remote([=](int x) { return x + first + second[0]; }).remote(1)) == 4);
  auto ref = doubled.remote(4);
  auto of_ref = ray::remote([=] { return ray::get(ref) + ray::get(doubled.remote(k)); });
  assert(ray::get(of_ref.remote()) == 14);
  auto generic = ray::remote([=](auto x, int y = 1) { return x + numbers[0] + y; });
  assert(ray::get(generic.remote(1.5)) == 3.5);
  auto nested = ray::remote([=] {
    auto inside = ray::remote([=](int x) { return x + numbers[2]; });
    return ray::get(inside.remote(1)) + static_cast<int>(text.size());
  });
  assert(ray::get(nested.remote()) == 11);
  for (int i = 0; i < 3; ++i) {
    assert(ray::get(ray::remote([=] { return i * i; }).remote()) == i * i);
  }
  auto outer = [=, m = 2](int n) {
    return ray::get(ray::remote([=] { return m * n + numbers[0]; }).remote());
  };
  assert(outer(3) == 7);
  auto keyed = ray::remote([=](std::array<int, 2> x = {1, 2}) { return x[1] + numbers[0]; });
  assert(ray::get(keyed.remote()) == 3 && ray::get(keyed.remote({4, 5})) == 6);
  assert(in_template(2, 1) == 4005 && in_template('\3', 2) == 1008);
  assert(in_some_instances('a', {'b', 'c'}) == 3 && in_some_instances(5, {1}) == 6);
  assert(packs(1, 2, 3) == 709 && packs(1) == 202);
  assert(Holder().copied() == 6 && Holder::in_static(1) == 2);
  assert(Box<int>{3}.times(2) == 6 && Box<char>{4}.times(2) == 8);
  assert(defaulted(1) == 4);
  assert(ray::get(at_namespace_scope.remote(1)) == 4);
  assert(first_expansion(1, 2) == 9 && second_expansion(1, 2) == 4);
  ray::shutdown();
}
// TEXT: ::ray::internal::captured(text, numbers, reference)
