// Templates with their arguments given: types and values, behind options, of functions and methods,
// with values and refs, and by pointer.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>

template <class T>
[[ray::remote]] T twice(T x) { return x + x; }
template <int N>
[[ray::remote]] int plus(int x) { return N + x; }
template <int N, class T>
[[ray::remote]] T scaled(T x) { return N * x; }
template <class T, int N = 2>
[[ray::remote]] T power(T x) { return N == 2 ? x * x : x; }
template <int... N>
[[ray::remote]] int total(int x) { return (x + ... + N); }
struct Pair {
  int x;
  int y = 1;
};
template <Pair P>
[[ray::remote]] int sum() { return P.x + P.y; }
template <class T, T Added = T(1)>
[[ray::remote]] T increased(T x) { return x + Added; }
struct Functions {
  template <int N>
  [[ray::remote]] static int minus(int x) { return x - N; }
};

class [[ray::remote]] Maker {
 public:
  template <class T>
  T triple(T x) const { return 3 * x; }
  template <class To, class From>
  To convert(From x) { return static_cast<To>(x); }
  template <class T>
  T zero() const { return T{}; }
  int zero(int x) { return 0 * x; }
  template <int N, char C = '\0'>
  int times(int x) const { return N * x + C; }
};

int main() {
  ray::init();
  const auto three = ray::put(3);
  assert(ray::get(plus<3>.remote(4)) == 7);
  assert(ray::get(plus<3>.remote(three)) == 6);
  assert(ray::get(plus<3>.options({.num_cpus = 1}).remote(4)) == 7);
  assert(ray::get(scaled<3>.remote(2.5)) == 7.5);
  assert(ray::get(scaled<3>.remote(three)) == 9);
  assert(ray::get(scaled<3>.options({.num_cpus = 1}).remote(three)) == 9);
  assert((ray::get(scaled<3, double>.remote(2)) == 6));
  assert((ray::get(scaled<3, int>.options({.num_cpus = 1}).remote(three)) == 9));
  assert(ray::get(power<int>.remote(three)) == 9);
  assert(ray::get(power<int>.options({}).remote(three)) == 9);
  assert((ray::get(power<int, 1>.remote(three)) == 3));
  assert((ray::get(power<int, 1>.options({}).remote(three)) == 3));
  assert((ray::get(total<1, 2>.remote(3)) == 6));
  assert((ray::get(total<1, 2>.options({}).remote(three)) == 6));
  assert(ray::get(Functions::minus<1>.remote(3)) == 2);
  assert(ray::get(Functions::minus<1>.options({}).remote(three)) == 2);
  assert((ray::get(sum<Pair{1, 2}>.remote()) == 3 && ray::get(sum<Pair{(2 > 1)}>.remote()) == 2));
  assert(ray::get(sum<Pair([] { return Pair{4}; }())>.options({}).remote()) == 5);
  assert(ray::get(ray::task(twice<int>).remote(4)) == 8);
  assert(ray::get(ray::task(increased<int>).remote(4)) == 5);
  assert(ray::get(ray::task(Functions::minus<1>).remote(4)) == 3);

  auto maker = Maker::remote();
  assert(ray::get(maker.triple.remote(2.5)) == 7.5);
  assert(ray::get(maker.triple.remote(three)) == 9);
  assert(ray::get(maker.triple<double>.remote(2)) == 6);
  assert(ray::get(maker.convert<int>.remote(2.5)) == 2);
  assert(ray::get(maker.zero<int>.remote()) == 0);
  assert(ray::get(maker.zero.remote(three)) == 0);
  assert(ray::get(maker.triple.options({.name = "t"}).remote(2)) == 6);
  assert(ray::get(maker.times<3>.remote(2)) == 6);
  assert((ray::get(maker.times<3, 'a'>.remote(ray::put(2))) == 6 + 'a'));
  ray::shutdown();
}
