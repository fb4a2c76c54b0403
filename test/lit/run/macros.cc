// Macros around annotations, declarations and calls: a call in a string is what the user wrote, and no
// macro reaches the generated code, nor does that code need one.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <cstring>
#include <string>

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
#undef NUMBER
#undef VALUE
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
  ray::shutdown();
}
