// Classes that no text outside of them can name: in class templates, partial specialisations, behind
// a typedef; and unions, which travel as their bytes.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <string>
#include <tuple>
#include <vector>

struct Base {
  int id = 1;
  bool operator==(const Base&) const = default;
};
template <class T>
class Outer {
 public:
  struct Inner : T {
    std::vector<T> values;
    bool operator==(const Inner&) const = default;

    template <class U>
    struct Deepest {
      U value{};
      bool operator==(const Deepest&) const = default;
    };
  };
  Inner inner;
  typename Inner::template Deepest<std::string> deepest{"deep"};
  bool operator==(const Outer&) const = default;
  void hide() { secret_.value = 7; }

 private:
  struct Secret {
    int value = 0;
    bool operator==(const Secret&) const = default;
  };
  Secret secret_;
};
template <class T>
struct Box {
  T value{};
};
template <class T>
struct Box<std::vector<T>> {
  std::vector<T> values;
  bool operator==(const Box&) const = default;
};
template <>
struct Box<int> {
  int number = 5;
  bool operator==(const Box&) const = default;
};
struct Derived : Outer<Base>::Inner {
  int own = 3;
  bool operator==(const Derived&) const = default;
};
template <class... B>
struct Join : B... {
  int own = 4;
};
typedef struct {
  int width;
  int height;
} Size;
union Number {
  int whole;
  double real;
};
struct Value {
  int kind;
  union {
    int whole;
    double real;
  };
  Number other;
};
struct Figure {
  struct {
    int x;
    std::string text;
  } at, to[2];
  struct { int a; } one; struct { int b; struct { int deep; } in; } two;
  union {
    int whole;
    double real;
  } number;
  enum { red, green } color;
};
template <class T>
struct Framed {
  struct {
    T value;
    std::vector<T> more;
  } in;
};

template <class T>
[[ray::remote]] T echo(const T& value) { return value; }
template <class T>
T back(const T& value) { return ray::get(echo<T>.remote(value)); }

int main() {
  ray::init();
  Outer<Base> outer;
  outer.inner.id = 2;
  outer.inner.values = {Base{3}, Base{4}};
  outer.deepest.value = "changed";
  outer.hide();
  assert(back(outer) == outer);
  assert((back(Box<std::vector<int>>{{1, 2}}) == Box<std::vector<int>>{{1, 2}}));
  assert(back(Box<int>{6}) == Box<int>{6});
  Derived derived;
  derived.values = {Base{1}};
  derived.own = 8;
  assert(back(derived) == derived);
  Join<Base, Box<int>> join{{Base{7}}, {Box<int>{8}}, 9};
  const auto joined = back(join);
  assert(joined.id == 7 && joined.number == 8 && joined.own == 9);
  assert(back(Size{1, 2}).height == 2);
  Value value{.kind = 1, .real = 2.5, .other = {.real = 1.5}};
  assert(back(value).real == 2.5 && back(value).other.real == 1.5);
  Figure figure{};
  figure.at = {3, "at"};
  figure.to[1].text = "to";
  figure.one.a = figure.two.in.deep = 4;
  figure.number.real = 2.5;
  figure.color = Figure::green;
  figure = back(figure);
  assert(figure.at.x == 3 && figure.at.text == "at" && figure.to[1].text == "to");
  assert(figure.one.a == 4 && figure.two.in.deep == 4 && figure.number.real == 2.5);
  assert(figure.color == Figure::green);
  Framed<int> framed{{5, {6}}};
  assert(back(framed).in.value == 5 && back(framed).in.more[0] == 6);
  ray::shutdown();
}
