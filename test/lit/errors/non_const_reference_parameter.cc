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
template <class T, class A = std::vector<T>>
[[ray::remote]] int fine_templates(T by_value, const T& by_reference, T&& forwarded,
                                   typename A::const_reference element, const auto& any,
                                   auto&& forwarded_too, const std::vector<T>& values) {
  return 0;
}

// CHECK: [[@LINE+2]]:31: error: parameter 'x' of remote function 'change' is a non-const reference: it cannot reach into another process [-Wray-non-const-reference]
template <class T>
[[ray::remote]] int change(T& x) { return 0; }
// CHECK: [[@LINE+1]]:38: error: parameter 'x' of remote function 'change_any' is a non-const reference
[[ray::remote]] int change_any(auto& x) { return 0; }
// CHECK: [[@LINE+2]]:48: error: parameter 'v' of remote function 'change_all' is a non-const reference
template <class T>
[[ray::remote]] int change_all(std::vector<T>& v) { return 0; }
// CHECK: [[@LINE+2]]:39: error: parameter 'xs' of remote function 'change_each' is a non-const reference
template <class... T>
[[ray::remote]] int change_each(T&... xs) { return 0; }

template <class T>
class [[ray::remote]] Box {
 public:
  // CHECK: [[@LINE+1]]:19: error: parameter 'out' of remote function 'copy_to' is a non-const reference
  void copy_to(T& out) {}
};
// CHECK: 7 errors generated.
