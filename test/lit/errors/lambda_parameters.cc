// What a remote lambda cannot be given, take along or return is said at the lambda, once.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E 'Lambda|lambda at|Codec' %t
#include <ray/ray.h>
#include <functional>

void use(int* p) {
  // CHECK: [[@LINE+2]]:32: error: parameter 'x' of this remote lambda is a non-const reference: it cannot reach into another process [-Wray-non-const-reference]
  // CHECK: [[@LINE+1]]:32: note: take a value or a 'const T&', and return what has changed
  auto a = ray::remote([](int& x) { return ++x; });
  // CHECK: [[@LINE+1]]:38: error: parameter 2 of this remote lambda is a raw pointer: it cannot reach into another process [-Wray-raw-pointer]
  auto b = ray::remote([](int x, int*) { return x; });
  // CHECK: [[@LINE+1]]:25: error: capture 'p' of this remote lambda is a raw pointer
  auto c = ray::remote([p](int x) { return *p; });
  // CHECK: [[@LINE+1]]:36: error: capture 'f' of this remote lambda is a std::function, which cannot be serialised [-Wray-not-serialisable]
  auto d = ray::remote([n = 1, f = std::function<int()>()](int x) { return x; });
  // CHECK: [[@LINE+1]]:37: error: this remote lambda returns a raw pointer
  auto e = ray::remote([](int x) -> int* { return nullptr; });
  // CHECK: [[@LINE+1]]:33: error: parameter 'x' of this remote lambda is a non-const reference
  auto f = ray::remote([](auto& x) { return x; });
  // CHECK: [[@LINE+1]]:25: error: capture 'p' of this remote lambda is a raw pointer
  auto g = ray::remote([=](int x) { return x + *p; });
  f.remote(1);
  b.remote(1, p);
  c.remote(1);
  e.remote(1);
}
// CHECK: 7 errors generated.
