// Class templates with unnamed parameters of every kind, and specialisations, each with its own methods
// and static members.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <string>
#include <type_traits>
#include <vector>

template <class T, class = void, int = 3, template <class...> class = std::vector, class...>
class [[ray::remote]] Unnamed {
 public:
  explicit Unnamed(T x = T(), int = 2) : x_(x) {}
  T sum(T y) { return x_ + y; }
  auto deduced(int) { return x_; }
  template <class F, class = void>
  F same(F f) {
    return f;
  }
  [[ray::remote]] static T in_class(T x) { return x; }
  [[ray::remote]] static auto deduced_in_class(T x) { return x; }
  template <class F, class = void>
  [[ray::remote]] static F template_in_class(F x, T) {
    return x;
  }

 private:
  T x_;
};

namespace n {
struct Tag {};
template <class T, int... N>
struct Outer {
  template <class, class = void>
  class [[ray::remote]] Inner {
   public:
    T add(T x) { return (x + ... + N); }
  };
};

template <class T, class = void>
class [[ray::remote]] Kind {
 public:
  explicit Kind(T) {}
  std::string name() { return "any"; }
  [[ray::remote]] static int size(T) { return 0; }
};
template <class T>
class [[ray::remote]] Kind<std::vector<T>> {
 public:
  explicit Kind(std::vector<T> x) : x_(x) {}
  std::string name(const std::string& more = "!") { return "vector" + more; }
  T at(std::size_t i) { return x_.at(i); }
  [[ray::remote]] static int size(std::vector<T> x) { return static_cast<int>(x.size()); }

 private:
  std::vector<T> x_;
};
template <class T>
  requires std::is_floating_point_v<T>
class [[ray::remote]] Kind<T, void> {
 public:
  std::string name() { return "floating"; }
};
template <>
class [[ray::remote]] Kind<bool> {
 public:
  std::string name() { return "bool"; }
  [[ray::remote]] static int size(bool) { return 1; }
};
template <>
class [[ray::remote]] Kind<std::vector<std::vector<Tag>>> {
 public:
  std::string name() { return "tags"; }
};
}  // namespace n

int main() {
  using n::Kind;
  using ray::get;
  ray::init();
  auto unnamed = Unnamed<int>::remote(4);
  assert(get(unnamed.sum.remote(3)) == 7 && get(unnamed.deduced.remote(1)) == 4);
  assert(get(unnamed.same.remote(3)) == 3 && get(Unnamed<int>::in_class.remote(3)) == 3);
  assert(get(Unnamed<int>::deduced_in_class.remote(ray::put(3))) == 3);
  assert(get(Unnamed<int>::template_in_class.remote(2, 3)) == 2);
  auto by_ref = Unnamed<int>::options({}).remote(ray::put(1));
  assert(get(by_ref.sum.options({}).remote(ray::put(3))) == 4);
  auto inner = n::Outer<int, 1, 2>::Inner<int>::remote();
  assert(get(inner.add.remote(3)) == 6);

  auto any = Kind<int>::remote(1);
  auto vector = Kind<std::vector<int>>::remote(std::vector{7});
  auto floating = Kind<double>::remote();
  auto boolean = Kind<bool>::remote();
  auto tags = Kind<std::vector<std::vector<n::Tag>>>::remote();
  assert(get(any.name.remote()) == "any" && get(vector.name.remote()) == "vector!");
  assert(get(vector.at.remote(0)) == 7 && get(floating.name.remote()) == "floating");
  assert(get(boolean.name.remote()) == "bool" && get(tags.name.remote()) == "tags");
  assert(get(Kind<int>::size.remote(1)) == 0 && get(Kind<bool>::size.remote(true)) == 1);
  assert(get(Kind<std::vector<int>>::size.remote({1, 2})) == 2);
  ray::shutdown();
}
