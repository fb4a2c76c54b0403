// A wrong argument gets one short error: which parameter, of which type, what it was given. Nothing
// in it is generated.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
// RUN: not grep -F 'ray_' %t
// RUN: not grep -F 'internal' %t
#include <ray/ray.h>
#include <string>
#include <vector>

[[ray::remote]] int length(const std::string& text, int times) { return 0; }
[[ray::remote]] int total(std::vector<int> list, int from = 0) { return 0; }
struct Point { int x, y; };
[[ray::remote]] Point move(Point p) { return p; }
[[ray::remote]] int pick(const std::string& name) { return 0; }
[[ray::remote]] int pick(int first, std::vector<int> others) { return 0; }
namespace math {
template <class T>
[[ray::remote]] T twice(T x, std::string text) {
  return x;
}
}  // namespace math
class [[ray::remote]] Tracker {
 public:
  explicit Tracker(int start) {}
  int add(int amount) { return amount; }
};

int main() {
  ray::ObjectRef<std::string> text = ray::put(std::string("text"));
  std::vector<ray::ObjectRef<std::string>> texts;
  // CHECK:      wrong_arguments.cc:[[@LINE+7]]:17: error: cannot pass 'int' to parameter 'text' of remote function 'length', which has type 'const std::string &' [-Wray-wrong-argument]
  // CHECK-NEXT: {{^ *[0-9]+ \| }}
  // CHECK-NEXT: {{^ +\|( {17})}}^{{$}}
  // CHECK-NEXT: wrong_arguments.cc:12:47: note: the parameter is declared here
  // CHECK-NEXT: {{^ *[0-9]+ \| }}
  // CHECK-NEXT: {{^ +\|( {47})}}^{{$}}
  // CHECK-NEXT: wrong_arguments.cc
  length.remote(1, 2);
  // CHECK-SAME: :[[@LINE+1]]:3: error: remote function 'length' takes 2 arguments, but is given 1
  length.remote("a");
  // CHECK: :[[@LINE+1]]:23: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'times' of remote function 'length', which has type 'int'
  length.remote(text, text);
  // CHECK: :[[@LINE+1]]:42: error: cannot pass 'int' to parameter 'text' of remote function 'length'
  length.options({.num_cpus = 1}).remote(1, 2);
  // CHECK: :[[@LINE+1]]:16: error: cannot pass 'std::vector<ray::ObjectRef<std::string>>' to parameter 'list' of remote function 'total', which has type 'std::vector<int>'
  total.remote(texts);
  // CHECK: :[[@LINE+1]]:3: error: remote function 'total' takes at least 1 argument, but is given 0
  total.remote();
  // CHECK: :[[@LINE+3]]:3: error: no overload of remote function 'pick' takes (double, int) [-Wray-wrong-argument]
  // CHECK: wrong_arguments.cc:16:21: note: remote function 'pick' takes 1 argument, but is given 2
  // CHECK: wrong_arguments.cc:17:54: note: cannot pass 'int' to parameter 'others' of remote function 'pick', which has type 'std::vector<int>'
  pick.remote(1.5, 2);
  // CHECK: :[[@LINE+1]]:25: error: cannot pass 'int' to parameter 'text' of remote function 'twice', which has type 'std::string'
  math::twice.remote(1, 2);
  // CHECK: :[[@LINE+1]]:19: error: cannot pass 'const char[6]' to parameter 'start' of constructor of remote class 'Tracker', which has type 'int'
  Tracker::remote("start");
  // CHECK: :[[@LINE+1]]:33: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'start'
  auto unmade = Tracker::remote(text);
  auto tracker = Tracker::remote(1);
  // CHECK: :[[@LINE+1]]:22: error: cannot pass 'const char[4]' to parameter 'amount' of method 'add' of remote class 'Tracker', which has type 'int'
  tracker.add.remote("one");
  // CHECK: :[[@LINE+1]]:44: error: cannot pass 'const char[4]' to parameter 'amount' of method 'add'
  tracker.add.options({.name = ""}).remote("one");
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: no member named 'subtract'
  tracker.subtract.remote(1);
  // CHECK: :[[@LINE+1]]:25: error: field designator 'z' does not refer to any field in type 'Point'
  move.remote({.x = 1, .z = 2});
  // CHECK: :[[@LINE+1]]:22: error: excess elements in struct initializer
  move.remote({1, 2, 3});
}
// CHECK: 15 errors generated.
