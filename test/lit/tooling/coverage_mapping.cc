// Coverage by -fcoverage-mapping counts the user's lines, in the file and in a header, and nothing
// that is generated.
// UNSUPPORTED: sanitized
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: %ray-cc -fprofile-instr-generate -fcoverage-mapping -O0 main.cc -o app
// RUN: env RAY_ENGINE=local LLVM_PROFILE_FILE=app.profraw ./app
// RUN: llvm-profdata merge app.profraw -o app.profdata
// RUN: llvm-cov show ./app -instr-profile=app.profdata | FileCheck %s --match-full-lines
// RUN: llvm-cov export -summary-only ./app -instr-profile=app.profdata | FileCheck %s --check-prefix=SUM

// SUM: "filename":"{{[^"]*}}counter.h","summary":{{.*}}"functions":{"count":2,"covered":1,
// SUM-SAME: "filename":"{{[^"]*}}main.cc","summary":{{.*}}"functions":{"count":3,"covered":3,

//--- counter.h
#pragma once
#include <ray/ray.h>
class [[ray::remote]] Counter { public:
  int add(int n) { return total_ += n; }
  // CHECK:    4|      2|  int add(int n) { return total_ += n; }
  int never() { return 1; }
  // CHECK:    6|      0|  int never() { return 1; }
  int total_ = 0;
};

//--- main.cc
#include "counter.h"
[[ray::remote]] int pick(int x) {
  if (x > 100) {
    return 100;
    // CHECK:    4|      0|    return 100;
  }
  return x;
  // CHECK:    7|      3|  return x;
}
int main() {
  ray::init();
  // CHECK:   11|      1|  ray::init();
  for (int i = 0; i < 3; ++i) (void)pick.remote(i);
  auto counter = Counter::remote();
  for (int i = 0; i < 2; ++i) ray::get(counter.add.remote(i));
  return ray::get(ray::remote([](int z) { return z; }).remote(0));
}
