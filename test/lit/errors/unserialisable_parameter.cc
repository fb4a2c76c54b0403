// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <thread>

struct Handle {
  // CHECK: unserialisable_parameter.cc:[[@LINE+1]]:8: error: field 'Handle::file' is a raw pointer
  int* file = nullptr;
};
[[ray::remote]] int use(Handle handle) { return 0; }

// CHECK:   unserialisable_parameter.cc:[[@LINE+1]]:38: error: {{.*}}std::thread{{.*}} cannot be serialised [-Wray-not-serialisable]
[[ray::remote]] int join(std::thread thread) { return 0; }
