// A remote function gets values: what it would change is in another process.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <vector>

// CHECK:      non_const_reference_parameter.cc:[[@LINE+2]]:45: error: parameter 'values' of remote function 'sort' is a non-const reference: it cannot reach into another process [-Wray-non-const-reference]
// CHECK:      note: take a value or a 'const T&', and return what has changed
[[ray::remote]] void sort(std::vector<int>& values) {}

class [[ray::remote]] Sorter {
 public:
  // CHECK:    non_const_reference_parameter.cc:[[@LINE+1]]:17: error: parameter 'value' of remote function 'add' is a non-const reference
  void add(int& value) {}

 private:
  void scratch(int& value) {}  // not callable from outside
};

// CHECK-NOT: error:
[[ray::remote]] int fine(int by_value, const int& by_reference, int&& by_rvalue) { return 0; }
// CHECK: 2 errors generated.
