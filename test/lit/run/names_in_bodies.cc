// `using n::f;` in a body names what it names at namespace scope, templates and overloads too.
// RUN: %ray-cc -std=c++20 -Wall -Wextra -Werror %s -o %t
// RUN: env RAY_ENGINE=local %t | FileCheck %s
// RUN: %t | FileCheck %s
#include <ray/ray.h>

#include <iostream>

namespace n {
[[ray::remote]] int a(int x) { return x + 1; }
[[ray::remote]] double a(double x) { return x + 0.5; }
template <class T>
[[ray::remote]] T twice(T x) {
  return x + x;
}
namespace {
[[ray::remote]] int hidden(int x) { return x + 10; }
}  // namespace
}  // namespace n
[[ray::remote]] int global(int x) { return x + 100; }

namespace real::deep {
inline namespace v1 {
[[ray::remote]] int versioned(int x) { return x + 1000; }
}
}  // namespace real::deep
namespace short_name = real::deep;
namespace shorter = short_name;
namespace through {
using real::deep::versioned;
}

int ask_through_aliases() {
  int sum = 0;
  {
    using short_name::versioned;
    sum += ray::get(versioned.remote(1));
  }
  {
    using shorter::v1::versioned;
    sum += ray::get(versioned.remote(1));
  }
  {
    using real::deep::versioned;
    sum += ray::get(versioned.options({.num_cpus = 1}).remote(1));
  }
  {
    using through::versioned;
    sum += ray::get(versioned.remote(1));
  }
  {
    namespace local = ::real::deep;
    namespace other_local = local;
    using other_local::versioned;
    sum += ray::get(versioned.remote(1)) + ray::get(local::versioned.remote(1));
  }
  {
    using namespace shorter;
    sum += ray::get(versioned.remote(1)) + ray::get(real::deep::versioned.remote(1));
  }
  return sum;
}

namespace other {
int a(int x) { return -x; }
int global = 7;

int ask() {
  using ::global;
  return ray::get(global.remote(1));
}
}  // namespace other

struct Asker {
  int ask() const {
    using n::hidden;
    return ray::get(hidden.remote(3));
  }
};

int main() {
  ray::init();
  using n::a;
  std::cout << ray::get(a.remote(1)) << " " << ray::get(a.remote(1.0)) << " " << a(2) << "\n";
  if (ray::get(a.options({.num_cpus = 1}).remote(4)) == 5) {
    using n::twice, n::hidden;
    std::cout << ray::get(twice.remote(21)) << " " << ray::get(twice<long>.remote(4)) << " "
              << ray::get(hidden.remote(0)) << "\n";
  }
  const auto nested = [] {
    using n::twice;
    return ray::get(twice.remote(6));
  };
  std::cout << nested() << " " << other::ask() << " " << Asker{}.ask() << "\n";
  std::cout << ask_through_aliases() << "\n";
  // CHECK: 2 1.5 3
  // CHECK-NEXT: 42 8 10
  // CHECK-NEXT: 12 101 13
  // CHECK-NEXT: 8008
}
