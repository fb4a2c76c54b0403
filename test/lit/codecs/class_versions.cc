// A class's own functions are given the version that cereal's macro, or Boost's, has set for it: what
// a version has added is not lost.
// RUN: %ray-cc -Wall -Wextra -Werror %s -o %t && env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>
#include <boost/serialization/version.hpp>
#include <cassert>
#include <cereal/cereal.hpp>
#include <string>
#include <vector>

namespace shop {
class Item {
 public:
  Item() = default;
  Item(std::string name, int price) : name_(std::move(name)), price_(price) {}
  int price() const { return price_; }

 private:
  template <class Archive>
  void serialize(Archive& archive, const unsigned int version) {
    archive & name_;
    if (version >= 3) archive & price_;
  }
  std::string name_;
  int price_ = 0;
};

template <class T>
struct Box {
  T value{};
  std::uint32_t read_as = 0;
  template <class Archive>
  void save(Archive& archive, std::uint32_t) const {
    archive(value);
  }
  template <class Archive>
  void load(Archive& archive, std::uint32_t version) {
    archive(value);
    read_as = version;
  }
};

struct Plain {
  std::uint32_t read_as = 9;
};
template <class Archive>
void serialize(Archive&, Plain& plain, std::uint32_t version) {
  plain.read_as = version;
}
}  // namespace shop
BOOST_CLASS_VERSION(shop::Item, 3)
template <class T>
struct boost::serialization::version<shop::Box<std::vector<T>>> {
  static constexpr int value = 6;
};
CEREAL_CLASS_VERSION(shop::Box<int>, 5)

[[ray::remote]] int price(const shop::Item& item) { return item.price(); }
[[ray::remote]] std::uint32_t version_of_box(const shop::Box<int>& box) { return box.read_as; }
[[ray::remote]] std::uint32_t version_of_boxes(const shop::Box<std::vector<int>>& box) { return box.read_as; }
[[ray::remote]] std::uint32_t version_of_other(const shop::Box<long>& box) { return box.read_as; }
[[ray::remote]] std::uint32_t version_of_plain(const shop::Plain& plain) { return plain.read_as; }

int main() {
  ray::init();
  assert(ray::get(price.remote(shop::Item("pear", 7))) == 7);
  assert(ray::get(version_of_box.remote(shop::Box<int>())) == 5);
  assert(ray::get(version_of_boxes.remote(shop::Box<std::vector<int>>())) == 6);
  assert(ray::get(version_of_other.remote(shop::Box<long>())) == 0);
  assert(ray::get(version_of_plain.remote(shop::Plain())) == 0);
}
