// What has no name outside of a function, and what does not know its size or its end, stays here.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

#include <memory>

struct Closer {
  void operator()(int* p) const { delete p; }
};
// CHECK-DAG: unserialisable_owners.cc:[[@LINE+2]]:21: error: a 'std::unique_ptr<int[]>' cannot be serialised [-Wray-not-serialisable]
// CHECK-DAG: unserialisable_owners.cc:[[@LINE+1]]:21: note: it does not know how many elements it has: a std::vector does
[[ray::remote]] int first(std::unique_ptr<int[]> values) { return values[0]; }
// CHECK-DAG: unserialisable_owners.cc:[[@LINE+2]]:21: error: a 'std::unique_ptr<int, Closer>' cannot be serialised
// CHECK-DAG: unserialisable_owners.cc:[[@LINE+1]]:21: note: its deleter stays behind: a std::unique_ptr without one travels
[[ray::remote]] int value(std::unique_ptr<int, Closer> one) { return *one; }

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
// CHECK: 4 errors generated.
