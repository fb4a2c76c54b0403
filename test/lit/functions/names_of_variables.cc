// A variable may have a remote function's name, whether that is visible there or not: where it is
// nearer, and has a `.remote` of its own, it is itself; so is the function elsewhere.
// RUN: %ray-cc -Werror -Wall %s -o %t && env RAY_ENGINE=local %t
// RUN: %ray-cc --rewrite %s -o - | FileCheck %s
#include <cassert>
#include <ray/ray.h>

[[ray::remote]] int size(int x) { return x; }
namespace jobs {
[[ray::remote]] int work(int x) { return 2 * x; }
}  // namespace jobs
template <class T>
[[ray::remote]] T twice(T x) { return 2 * x; }

struct Sender {
  int by = -1;
  int remote(int x) const { return by * x; }
  Sender options(int other) const { return {other}; }
};

// CHECK: return work.remote(1) + size.options(-3).remote(1)
int of_parameters(Sender work, const Sender& size) { return work.remote(1) + size.options(-3).remote(1); }
template <class S>
int of_template(S work) { return work.remote(1); }
template <class... S>
int of_packs(S... work) { return (work.remote(1) + ...); }

int of_locals(std::vector<std::pair<Sender, int>> all) {
  int sum = 0;
  for (const auto& [size, x] : all) sum += size.remote(x);
  for (auto work : {Sender(), Sender()}) sum += work.remote(1);
  const auto lambda = [work = Sender()](auto size) { return work.remote(1) + size.remote(1); };
  return sum + lambda(Sender());
}

// CHECK: size$remote(10)
// CHECK: sum += size.remote(100)
// CHECK: size$remote(1000)
int in_turn() {
  int sum = ray::get(size.remote(10));
  {
    Sender size;
    sum += size.remote(100);
  }
  return sum + ray::get(size.remote(1000));
}

struct Base {
  Sender work;
  static inline Sender size;
};
struct Derived : Base {
  int run() { return work.remote(1) + size.remote(1) + ray::get(::size.remote(5)); }
  int qualified() { return Derived::work.remote(1) + Base::work.remote(1); }
};
template <class T>
struct Held {
  T twice;
  int run() { return twice.remote(1) + ray::get(::twice<int>.remote(4)); }
};

// Looks like a variable's declaration.
class [[ray::remote]] Desk {
 public:
  int size(int x) { return ray::get(::size.options({.max_retries = 0}).remote(x)); }
};
int by_options() { return ray::get(size.options({.max_retries = 0}).remote(20)); }

// What `[=]` captures is known once it is known what is called.
int by_captures() {
  auto ref = size.remote(5);
  auto lambda = ray::remote([=](int x) { return x + ray::get(ref); });
  return ray::get(lambda.remote(1));
}
// A variable made from a call of which that had to be found out first.
int by_task() {
  auto work = size.options({.max_retries = 0});
  return ray::get(work.remote(6));
}
template <class... S>
int of_references(S&&... work) { return (work.remote(1) + ...); }
struct Either {
  union {
    Sender work;
    int other;
  };
  int run() { return work.remote(1) + [&size = work] { return size.remote(1); }(); }
};

namespace shop {
Sender size;
int of_shop() { return size.remote(1) + (size).remote(1); }
}  // namespace shop
int by_using() {
  using shop::size;
  return size.remote(1);
}
namespace tools {
namespace {
[[ray::remote]] int size(int x) { return 2 * x; }
int of_tools() { return ray::get(size.remote(1)); }
}  // namespace
}  // namespace tools

#define SEND(x) x.remote(1)
int by_macro(Sender work) { return SEND(work) + SEND(Sender()); }

int main() {
  ray::init();
  assert(of_parameters({}, {}) == -4);
  assert(of_template(Sender()) + of_packs(Sender(), Sender()) == -3);
  assert(of_locals({{{}, 7}}) == -11);
  assert(in_turn() == 910);
  assert(Derived().run() == 3 && Held<Sender>().run() == 7);
  assert(shop::of_shop() == -2 && by_using() == -1 && tools::of_tools() == 2);
  assert(by_captures() == 6 && by_task() == 6 && Either{{{}}}.run() == -2);
  assert(of_references(Sender(), Sender()) == -2 && Derived().qualified() == -2);
  assert(by_macro({}) == -2 && by_options() == 20);
  assert(shop::size.remote(1) + ::shop::size.remote(1) + Base::size.remote(1) == -3);
}
