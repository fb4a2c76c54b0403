// What does not know its size or its end stays here, and what has no name outside of a function.
// RUN: not %ray-cc -fsyntax-only -DOWNERS %s 2>&1 | FileCheck %s --check-prefix=OWNERS
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

#include <memory>

struct Closer {
  void operator()(int* p) const { delete p; }
};
#ifdef OWNERS
// OWNERS: unserialisable_owners.cc:[[@LINE+2]]:50: error: parameter 'values' of remote function 'first' is a std::unique_ptr to an array, which cannot be serialised [-Wray-not-serialisable]
// OWNERS: :50: note: it does not know how many elements it has: a std::vector does
[[ray::remote]] int first(std::unique_ptr<int[]> values) { return values[0]; }
// OWNERS: unserialisable_owners.cc:[[@LINE+2]]:69: error: parameter 'all' of remote function 'value' is a std::vector of a std::unique_ptr with a deleter of its own, which
// OWNERS: :69: note: its deleter stays behind: a std::unique_ptr without one travels
[[ray::remote]] int value(std::vector<std::unique_ptr<int, Closer>> all) { return *all[0]; }
// OWNERS: 2 errors generated.
#else
int main() {
  struct Local {
    int x;
  };
  // CHECK-DAG: unserialisable_owners.cc:[[@LINE+2]]:19: error: a 'Local' cannot be serialised
  // CHECK-DAG: unserialisable_owners.cc:[[@LINE+1]]:19: note: what travels: numbers, enums, std types, classes that are declared outside of functions
  auto ref = ray::put(Local{1});
  struct {
    int y;
  } unnamed{2};
  // CHECK-DAG: unserialisable_owners.cc:[[@LINE+1]]:21: error: a '(unnamed struct at {{.*}})' cannot be serialised
  auto other = ray::put(unnamed);
}
// CHECK: 2 errors generated.
#endif
