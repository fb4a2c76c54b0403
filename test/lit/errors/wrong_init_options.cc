// A wrong value of an option is one error, without what the standard library could make of it.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
#include <ray/ray.h>
#include <optional>

struct Own {
  std::optional<double> x;
};

void use() {
  // CHECK: [[@LINE+2]]:26: error: no viable conversion from 'const char[2]' to 'std::optional<double>'
  // CHECK-NOT: note:
  ray::init({.num_cpus = "a"});
  // CHECK: [[@LINE+2]]:27: error: no viable conversion from 'int'
  // CHECK-NOT: note:
  ray::init({.resources = 3});
  // CHECK: [[@LINE+3]]:13: error: reference to type 'const ray::InitOptions' could not bind
  // CHECK: [[@LINE+2]]:13: note: options are given by their names: '{.address = ...}'
  // CHECK-NOT: note:
  ray::init("auto");
  // What is no option of ours is explained as clang does.
  // CHECK: [[@LINE+2]]:16: error: no viable conversion from 'const char[2]' to 'std::optional<double>'
  // CHECK: note: candidate constructor
  Own own{.x = "a"};
}
// CHECK: 4 errors generated.
