// Messages about calls speak of the user's names; generated ones hold a `$`, which is never shown.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
// RUN: not grep -F 'ray_' %t
#include <ray/ray.h>
#include <string>

[[ray::remote]] int length(const std::string& text, int times) { return 0; }
class [[ray::remote]] Tracker {
 public:
  explicit Tracker(int start) {}
  int add(int amount) { return amount; }
};

int main() {
  // CHECK: wrong_arguments.cc:[[@LINE+1]]:3: error: no matching function for call to 'length.remote'
  length.remote(1, 2);
  // CHECK: wrong_arguments.cc:[[@LINE+1]]:3: error: {{.*}}'length.remote'
  length.remote("a");
  // CHECK: wrong_arguments.cc:[[@LINE+1]]:3: error:
  Tracker::remote("start");
  auto tracker = Tracker::remote(1);
  // CHECK: wrong_arguments.cc:[[@LINE+1]]:15: error:
  tracker.add.remote("one");
  // CHECK: wrong_arguments.cc:[[@LINE+1]]:11: error: {{.*}}'subtract'
  tracker.subtract.remote(1);
  // CHECK: wrong_arguments.cc:[[@LINE+1]]:3: error: no matching function for call to 'length.options'
  length.options({.num_cpu = 1}).remote("a", 1);
}
// CHECK: 6 errors generated.
