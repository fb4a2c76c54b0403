// What is decoded is first made empty, then filled.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      no_default_constructor.cc:[[@LINE+1]]:7: error: 'Range' needs a default constructor to be decoded [-Wray-no-default-constructor]
class Range {
 public:
  Range(int begin, int end) : begin_(begin), end_(end) {}

 private:
  int begin_, end_;
};
[[ray::remote]] int size(Range range) { return 0; }

// CHECK-NOT: error:
class Private {
 public:
  Private(int value) : value_(value) {}

 private:
  Private() = default;
  friend struct ray::access;
  int value_ = 0;
};
struct Aggregate {
  int value;
};
[[ray::remote]] int fine(Private a, Aggregate b) { return 0; }
// CHECK: 1 error generated.
