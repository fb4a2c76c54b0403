// Macros around annotations, declarations and calls: a call in a string is what the user wrote, and no
// macro reaches the generated code, nor does that code need one.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <cstring>
#include <string>
#include <vector>

#define TEXT(x) #x
#define CALL(call) ray::get(call)
#define NAMESPACE math
#define NUMBER int
#define VALUE(name) NUMBER name
#define ATTRIBUTES
#define THREE 3
#define REMOTE_FUNCTION [[ray::remote(num_cpus = 1)]]
namespace NAMESPACE {
REMOTE_FUNCTION NUMBER add(ATTRIBUTES NUMBER x, VALUE(y) = THREE) { return x + y; }
}  // namespace NAMESPACE
struct Functions {
  [[ray::remote]] static NUMBER half(VALUE(x) = 2 * THREE) { return x / 2; }
};
#define NAME named_by_macro
#define JOIN(a, b) a##b
[[ray::remote]] NUMBER NAME(NUMBER x) { return x + 1; }
[[ray::remote]] NUMBER JOIN(joined, 2)(NUMBER x) { return x + 2; }
#define PARAMETERS int first, const std::vector<int>& others = {1, THREE}
#define TWICE(parameter) parameter, parameter##2
[[ray::remote]] int sum(PARAMETERS) { return first + others.at(1); }
[[ray::remote]] int sum3(TWICE(int a), int b) { return a + a2 + b; }
#define PROPERTY(type, name)                                              \
  const type& name() const { return name##_; }                            \
  void set_##name(const type& value = type()) { name##_ = value; }        \
  type name##_{};
#define METHOD(name, ...) int name(__VA_ARGS__)
#define METHOD_TEMPLATE(name) \
  template <class T, int N = THREE> T name(std::vector<T> a, T b = N) { return a.at(0) + b; }
#define CONSTRUCTOR(name) explicit name(int start) : start_(start) {}
class [[ray::remote]] WrittenByMacros {
 public:
  CONSTRUCTOR(WrittenByMacros)
  PROPERTY(int, count)
  PROPERTY(std::vector<std::vector<int>>, rows)
  METHOD(add, int a, int b) { return start_ + a + b; }
  METHOD(add, const std::string& a) { return static_cast<int>(a.size()); }
  METHOD(none) { return 9; }
  METHOD_TEMPLATE(at_first)
  int in_macros(PARAMETERS) { return first + others.at(1); }

 private:
  int start_;
};
#undef NUMBER
#undef VALUE
#undef PARAMETERS
#undef THREE
#define THREE nonsense(

#define submit nonsense(
#define info nonsense(
[[ray::remote]] int count(int size) { return size; }
#undef submit
#undef info
#define size nonsense(
#define x nonsense(
#define type nonsense(
#define internal nonsense(

int main() {
  ray::init();
  assert(CALL(math::add.remote(1)) == 4);
  assert(CALL(math::add.options({}).remote(ray::put(1))) == 4);
  assert(CALL(Functions::half.remote()) == 3);
  assert(CALL(count.remote(1)) == 1);
  assert(!std::strcmp(TEXT(count.remote(1)), "count.remote(1)"));
  assert(!std::strcmp(TEXT(math::add.options({}).remote(1)), "math::add.options({}).remote(1)"));
  assert(CALL(NAME.remote(1)) == 2 && CALL(named_by_macro.remote(1)) == 2);
  assert(CALL(joined2.options({}).remote(1)) == 3);
  assert(CALL(sum.remote(1)) == 4 && CALL(sum3.remote(1, 2, 3)) == 6);
  auto object = WrittenByMacros::remote(1);
  ray::get(object.set_count.remote(4));
  ray::get(object.set_rows.remote({{5}}));
  assert(CALL(object.count.remote()) == 4 && CALL(object.rows.remote())[0][0] == 5);
  ray::get(object.set_count.remote());
  assert(CALL(object.count.remote()) == 0 && CALL(object.none.remote()) == 9);
  assert(CALL(object.add.remote(1, 2)) == 4 && CALL(object.add.remote("abc")) == 3);
  assert(CALL(object.at_first.remote(std::vector{1})) == 4 && CALL(object.in_macros.remote(1)) == 4);
  ray::shutdown();
}
