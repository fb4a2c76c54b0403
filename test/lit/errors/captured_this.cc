// [=] that captures `this` is refused where it is used, with what to write instead.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

struct Counter {
  int count = 0;
  void use(int n) {
    // CHECK: captured_this.cc:[[@LINE+2]]:54: error: this remote lambda captures 'this', which cannot reach into another process [-Wray-wrong-argument]
    // CHECK: captured_this.cc:[[@LINE+1]]:30: note: capture what it needs by name, as in [size = this->size], or a copy of the object: [self = *this]
    auto first = ray::remote([=](int x) { return n + count + x; });
    auto second = ray::remote([=, own = count](int x) { return n + own + x; });
    auto third = ray::remote([=, self = *this](int x) { return n + self.count + x; });
  }
};
template <class T>
struct Box {
  T value;
  T grow(int n) {
    // CHECK: captured_this.cc:[[@LINE+1]]:46: error: this remote lambda captures 'this'
    auto task = ray::remote([=] { return n + value; });
    return ray::get(task.remote());
  }
};
// CHECK: 2 errors generated.
