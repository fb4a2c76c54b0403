// Values come back from a remote function as they went: every kind of type, both ways.
// RUN: %ray-cc %s -o %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>
#include <array>
#include <cassert>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

enum class Colour : unsigned char { red, green };
struct Base {
  int id = 1;
  bool operator==(const Base&) const = default;
};
class Item : public Base {
 public:
  Item() = default;
  explicit Item(int n) : weights_(n, 0.5), name_("item"), flags_(5) { id = n; }
  bool operator==(const Item&) const = default;

 private:
  struct Part {
    std::array<int, 2> sizes{1, 2};
    bool operator==(const Part&) const = default;
  };
  std::vector<double> weights_;
  std::string name_;
  std::optional<Part> part_ = Part{};
  unsigned flags_ : 3 = 0;
  bool on_ : 1 = true;
};
template <class T>
struct Box {
  T value{};
  std::map<std::string, std::variant<int, std::string, T>> named{};
  bool operator==(const Box&) const = default;
};
struct Tree {
  std::vector<Tree> children;
  Colour colour = Colour::red;
  bool operator==(const Tree&) const = default;
};
struct Cached {
  int kept = 0;
  [[ray::transient]] int dropped = 7;
};

template <class T>
[[ray::remote]] T echo(const T& value) { return value; }

template <class T>
void check(const T& value) {
  assert(ray::get(echo<T>.remote(value)) == value);
  assert(ray::get(ray::put(value)) == value);
}

int main() {
  ray::init();
  check(1);
  check(true);
  check(-2.5);
  check(Colour::green);
  check(std::string("text with \0 inside", 18));
  check(std::pair{1, std::string("a")});
  check(std::tuple{1, 2.5, std::vector<bool>{true, false}});
  check(std::set<std::string>{"b", "a"});
  check(std::unordered_map<int, std::vector<int>>{{1, {2, 3}}});
  check(std::optional<std::string>());
  check(std::vector<std::string>(1000, "word"));
  check(std::vector<double>(100'000, 1.5));
  check(Item(3));
  check(std::vector{Item(1), Item(2)});
  check(Box<Item>{Item(1), {{"a", 1}, {"b", "text"}, {"c", Item(2)}}});
  check(Tree{{Tree{{Tree{}}, Colour::green}, Tree{}}, Colour::red});
  assert(ray::get(echo<Cached>.remote({1, 2})).dropped == 7);
  ray::shutdown();
}
