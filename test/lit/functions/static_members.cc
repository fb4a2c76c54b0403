// Static member functions, of class templates too.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <type_traits>

struct Math {
  [[ray::remote]] static int square(int x) { return x * x; }
  [[ray::remote(num_cpus = 2)]] static double square(double x);
  static auto inside() { return square.remote(2); }
};
double Math::square(double x) { return x * x; }

template <class T>
struct Box {
  [[ray::remote]] static T pass(T x) { return x; }
};


template <class T, class U>
constexpr bool same = std::is_same_v<T, ray::ObjectRef<U>>;
static_assert(same<decltype(Math::square.remote(2)), int>);
static_assert(same<decltype(Math::square.remote(2.0)), double>);
static_assert(same<decltype(Math::square.remote(Math::square.remote(2))), int>);
static_assert(same<decltype(Box<float>::pass.remote(1.0f)), float>);
