// Must not compile; the error names the class, the field's type and the field.
#include <ray/ray.h>

#include <mutex>

struct Model {
  int weights;
  std::mutex lock_;
};

template <>
struct ray::access::fields<Model> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& ray_v, X& ray_x) {
    ray_v("weights", ray_x.weights);
    ray_v("lock_", ray_x.lock_);
  }
};

void store(const Model& model) { ray::put(model); }
