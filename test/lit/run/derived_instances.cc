// Instances of class templates travel behind pointers to their bases, wherever in the file they are
// made; so does a class that has a base twice, behind pointers to its other bases.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <memory>
#include <string>
#include <vector>

struct Base {
  virtual ~Base() = default;
  virtual int id() const = 0;
};
template <class T>
struct Leaf : Base {
  T value{};
  int id() const override { return static_cast<int>(sizeof(T)) + static_cast<int>(value); }
};
template <class T>
struct Box {
  struct Inner : Leaf<T> {
    std::string text = "abc";
    int id() const override { return 100 + static_cast<int>(text.size()); }
  };
  template <class U>
  struct Deep : Base {
    std::vector<U> values{U(), U()};
    T more{};
    int id() const override { return 200 + static_cast<int>(values.size()) + more; }
  };
};
template <class D>
struct Curious : Base {
  int id() const override { return static_cast<const D&>(*this).number; }
};
struct Seven : Curious<Seven> {
  int number = 7;
};
namespace {
template <int N>
struct Hidden : Base {
  int number = N;
  int id() const override { return number; }
};
}  // namespace
struct Left : Base {
  int left = 1;
  int id() const override { return left; }
};
struct Right : Base {
  int right = 2;
  int id() const override { return right; }
};
struct Diamond : Left, Right {
  int id() const override { return left + right; }
};
template <class A, class B>
struct Both : A, B {
  int id() const override { return this->left + this->right + 1000; }
};

template <class T>
std::unique_ptr<Base> leaf(T value) {
  auto made = std::make_unique<Leaf<T>>();
  made->value = value;
  return made;
}
[[ray::remote]] int id(std::unique_ptr<Base> object) { return object->id(); }
[[ray::remote]] int left_id(std::shared_ptr<Left> object) { return object->id(); }

int main() {
  ray::init();
  assert(ray::get(id.remote(leaf(3))) == 7 && ray::get(id.remote(leaf('\1'))) == 2);
  assert(ray::get(id.remote(std::make_unique<Box<char>::Inner>())) == 103);
  auto deep = std::make_unique<Box<char>::Deep<long>>();
  deep->more = 3;
  assert(ray::get(id.remote(std::move(deep))) == 205);
  assert(ray::get(id.remote(std::make_unique<Seven>())) == 7);
  assert(ray::get(id.remote(std::make_unique<Hidden<4>>())) == 4);
  assert(ray::get(left_id.remote(std::make_shared<Diamond>())) == 3);
  assert(ray::get(left_id.remote(std::make_shared<Both<Left, Right>>())) == 1003);
  ray::shutdown();
}
