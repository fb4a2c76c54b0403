// What is found out only where the library's templates are instantiated is said at the user's line.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F 'include/ray' %t
// RUN: not grep -F '$' %t
#include <ray/ray.h>
#include <mutex>

[[ray::remote]] int wide(long x) { return 0; }
[[ray::remote]] int length(const std::string& text) { return 0; }
struct Locked {
  std::mutex guard;
};
struct Outer {
  Locked locked;
};

int main() {
  Outer outer;
  // CHECK: put_of_what_cannot_travel.cc:[[@LINE+1]]:19: error: field 'Locked::guard' is a 'std::mutex', which cannot be serialised [-Wray-not-serialisable]
  auto ref = ray::put(outer);
  // CHECK: :[[@LINE+1]]:3: error: a ref stands for a value of exactly the parameter's type [-Wray-wrong-argument]
  wide.remote(ray::put(1));
  // CHECK: :[[@LINE+1]]:28: error: cannot pass 'int' to parameter 'text' of function 'length', which has type 'const std::string &' [-Wray-wrong-argument]
  ray::task(length).remote(1);
}
// CHECK: 3 errors generated.
