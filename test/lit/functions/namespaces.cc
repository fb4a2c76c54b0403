// Functions in any namespace, called from any other.
// RUN: %ray-cc -c -Wall -Wextra -Werror -Wno-ray-discarded-ref %s -o %t.o
// RUN: llvm-nm -C --defined-only %t.o | FileCheck %s
#include <ray/ray.h>

// CHECK-DAG: T outer::inner::add(int, int)
// CHECK-DAG: T outer::v2::versioned(int)
// CHECK-DAG: t (anonymous namespace)::hidden(int)
// CHECK-DAG: t file_local(int)
// CHECK-DAG: T c_name
namespace outer::inner {
[[ray::remote]] int add(int x, int y) { return x + y; }
auto sibling() { return add.remote(1, 2); }
}  // namespace outer::inner
namespace outer {
inline namespace v2 {
[[ray::remote]] int versioned(int x) { return x; }
}
namespace {
[[ray::remote]] [[maybe_unused]] int deep(int x) { return x; }
}
}  // namespace outer
namespace {
[[ray::remote]] int hidden(int x) { return x; }
}
[[ray::remote]] static int file_local(int x) { return x; }
extern "C" {
[[ray::remote]] int c_name(int x) { return x; }
}
namespace alias = outer::inner;

void use() {
  using namespace outer;
  alias::add.remote(outer::inner::add.remote(1, 2), 3);
  ::outer::inner::add.remote(versioned.remote(1), outer::v2::versioned.remote(2));
  hidden.remote(file_local.remote(c_name.remote(1)));
}
