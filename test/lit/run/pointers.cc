// Pointers bring what they point to: shared once, as whatever they are seen, in cycles, and of
// the class that they are.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror -Wno-ray-discarded-ref %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
  std::string name;
};
struct Square : Shape {
  double side = 0;
  double area() const override { return side * side; }
};
class Circle : public Shape {
 public:
  double area() const override { return 3 * radius_ * radius_; }
  void grow(double by) { radius_ += by; }

 private:
  double radius_ = 1;
};
struct Ring final : Circle {
  std::vector<int> holes{1, 2};
};
struct Unknown : Shape {
  explicit Unknown(int) {}  // cannot be made where it arrives
  double area() const override { return 0; }
};
struct Picture {
  std::vector<std::shared_ptr<Shape>> shapes;
  std::unique_ptr<Circle> circle;
};
struct Node {
  int value = 0;
  std::unique_ptr<Node> next;
  std::weak_ptr<Node> parent;
  std::vector<std::shared_ptr<Node>> children;
};
[[ray::remote]] std::string describe(const Picture& picture) {
  std::string text;
  for (const auto& shape : picture.shapes) {
    text += shape->name + std::to_string(static_cast<int>(shape->area())) + " ";
  }
  const bool is_shared = picture.shapes[0] == picture.shapes[2];
  const auto* ring = dynamic_cast<const Ring*>(picture.circle.get());
  return text + (is_shared ? "shared " : "") + (ring ? std::to_string(ring->holes[1]) : "no ring");
}
struct Named {
  std::string alias;
};
struct Tile : Named, Shape {  // a Shape that does not begin where the object does
  double area() const override { return 1; }
};
struct Views {
  std::shared_ptr<Tile> tile;
  std::shared_ptr<Shape> shape;
  std::weak_ptr<const Shape> observed;
  std::shared_ptr<Circle> circle;
  std::shared_ptr<Ring> ring;
  std::shared_ptr<Shape> unlike;
};
[[ray::remote]] bool are_one(Views views) {
  return views.tile.get() == views.shape.get() && views.observed.lock() == views.tile &&
         views.ring == views.circle && views.unlike != views.shape;
}
[[ray::remote]] std::shared_ptr<Node> grow(std::shared_ptr<Node> root) {
  auto child = std::make_shared<Node>();
  child->parent = root;
  child->value = root->value + 1;
  root->children.push_back(child);
  return root;
}
[[ray::remote]] int length(const Node& list) { return list.next ? 1 + length(*list.next) : 1; }

int main() {
  ray::init();
  Picture picture;
  auto square = std::make_shared<Square>();
  square->name = "square";
  square->side = 3;
  auto circle = std::make_shared<Circle>();
  circle->name = "circle";
  circle->grow(1);
  picture.shapes = {square, circle, square};
  picture.circle = std::make_unique<Ring>();
  assert(ray::get(describe.remote(std::move(picture))) == "square9 circle12 square9 shared 2");

  Views views;
  views.shape = views.tile = std::make_shared<Tile>();
  views.observed = views.shape;
  views.circle = views.ring = std::make_shared<Ring>();
  views.unlike = std::make_shared<Tile>();
  assert(ray::get(are_one.remote(views)));
  std::swap(views.shape, views.unlike);
  views.tile = std::dynamic_pointer_cast<Tile>(views.shape);
  views.observed = views.shape;
  assert(ray::get(are_one.remote(views)));

  auto root = std::make_shared<Node>();
  root->value = 5;
  auto grown = ray::get(grow.remote(grow.remote(root)));
  assert(grown->children.size() == 2 && grown->children[1]->value == 6);
  assert(grown->children[0]->parent.lock() == grown);
  Node list;
  for (int i = 0; i < 100; ++i) {
    auto next = std::make_unique<Node>();
    next->next = std::move(list.next);
    list.next = std::move(next);
  }
  assert(ray::get(length.remote(std::move(list))) == 101);

  picture.shapes = {std::make_shared<Unknown>(1)};
  try {
    describe.remote(std::move(picture));
    assert(false);
  } catch (const std::exception& error) {
    assert(std::string_view(error.what()).find("class 'Unknown'") != std::string_view::npos);
  }
  ray::shutdown();
}
