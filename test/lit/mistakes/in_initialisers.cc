// Lambdas that initialise variables and fields, and constructors' initialisers, are looked at as bodies are.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <functional>
#include <ray/ray.h>
#include <utility>

[[ray::remote]] int work(int x);
[[ray::remote]] int twice(int x);

// CHECK: in_initialisers.cc:[[@LINE+1]]:20: warning: the result of 'work' is lost
auto submit = [] { work.remote(1); };
// CHECK: :[[@LINE+1]]:61: warning: each iteration waits for its own 'work'
int sum = [] { int s = 0; for (int i = 0; i < 10; ++i) s += ray::get(work.remote(i)); return s; }();

struct Hooks {
  // CHECK: :[[@LINE+1]]:51: warning: the result of 'work' is lost
  std::function<void(int)> on_start = [](int x) { work.remote(x); };
  std::function<ray::ObjectRef<int>(int)> on_end = [](int x) { return work.remote(x); };
};

class Holder {
 public:
  // CHECK: :[[@LINE+1]]:62: warning: this value is fetched only to be sent on
  explicit Holder(ray::ObjectRef<int> x) : ref_(twice.remote(ray::get(x))) {}

 private:
  ray::ObjectRef<int> ref_;
};
