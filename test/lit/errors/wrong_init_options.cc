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
  // CHECK: [[@LINE+4]]:15: error: field designator 'num_cpu' does not refer to any field in type 'const ray::InitOptions'; did you mean 'num_cpus'?
  // CHECK-NEXT: ray::init
  // CHECK-NEXT: ^~~~~~~
  // CHECK-NEXT: {{\| +}}num_cpus
  ray::init({.num_cpu = 2});
  // CHECK-NOT: note:
  // CHECK: [[@LINE+3]]:15: error: field designator 'gpus' does not refer to any field in type 'const ray::InitOptions'
  // CHECK: [[@LINE+2]]:15: note: its options are: 'address', 'num_cpus', 'num_gpus', 'resources',
  // CHECK-NOT: note:
  ray::init({.gpus = 2});
  // What is no option of ours is explained as clang does.
  // CHECK: [[@LINE+2]]:16: error: no viable conversion from 'const char[2]' to 'std::optional<double>'
  // CHECK: note: candidate constructor
  Own own{.x = "a"};
}
// CHECK: 6 errors generated.
