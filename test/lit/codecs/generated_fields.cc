// Codecs are generated beside the class: private fields, bases, templates, nested ones, bit-fields.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

struct Base {
  int id = 0;
};
class Item : public Base {
  struct Part { double weight; };
  std::vector<Part> parts_;
  std::optional<std::string> name_;
  [[ray::transient, maybe_unused]] void* cache_ = nullptr;
  unsigned flags_ : 3 = 0;
};
template <class T>
struct Box {
  T value;
  std::map<std::string, std::variant<int, T>> named;
};
enum class Colour { red, green };
struct Tree {
  std::vector<Tree> children;
  Colour colour;
};

[[ray::remote]] Box<Item> pack(const Item& item, Tree) { return {item, {}}; }

// CHECK: struct ray::access::fields<::Base>
// CHECK: ray_v("id", ray_x.id)
// CHECK: struct ray::access::fields<::Item>
// CHECK: ray_v.base((::ray::access::like<ray_X, Base>&)ray_x)
// CHECK: ray_v("parts_", ray_x.parts_)
// CHECK: ray_v("name_", ray_x.name_)
// CHECK-NOT: "cache_"
// CHECK: ray_v("flags_"
// CHECK: struct ray::access::fields<::Item::Part>
// CHECK: ray_v("weight", ray_x.weight)
// CHECK: struct ray::access::fields<::Box<T>>
// CHECK: ray_v("value", ray_x.value)
// CHECK: struct ray::access::fields<::Tree>
