// Class templates, nested classes, classes in namespaces, and an actor that holds handles to itself.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <type_traits>
#include <vector>

template <class T>
class [[ray::remote]] Store {
 public:
  void put(const T& value) { value_ = value; }
  T get() const { return value_; }

 private:
  T value_{};
};

namespace outer {
struct Scope {
  class [[ray::remote]] Nested {
   public:
    int id(int x) { return x; }
  };
};
}  // namespace outer

class [[ray::remote]] Node {
 public:
  void link(ray::ActorHandle<Node> next) { next_ = next; }
  int depth() { return 1; }

 private:
  ray::ActorHandle<Node> next_;
  std::vector<ray::ActorHandle<Node>> others_;
};

void use() {
  auto store = Store<double>::remote();
  store.put.remote(1.5);
  static_assert(std::is_same_v<decltype(store.get.remote()), ray::ObjectRef<double>>);
  outer::Scope::Nested::remote().id.remote(1);
  auto node = Node::remote();
  node.link.remote(Node::remote());
}
