// A ref to what the worker itself has put.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

[[ray::remote]] ray::ObjectRef<std::string> make(int x) {
  // CHECK: returned_put.cc:[[@LINE+2]]:10: warning: the worker that runs this owns what it puts: the value is lost when that process ends [-Wray-returned-put]
  // CHECK: returned_put.cc:[[@LINE+1]]:3: note: return the value itself: the caller gets a ref to it, and owns it
  return ray::put(std::string(x, 'a'));
}
[[ray::remote]] ray::ObjectRef<int> keep(int x) {
  // CHECK: :[[@LINE+1]]:14: warning: the worker that runs this owns what it puts
  auto ref = ray::put(x);
  return ref;
}
class [[ray::remote]] Store {
 public:
  // CHECK: :[[@LINE+1]]:39: warning: the worker that runs this owns what it puts
  ray::ObjectRef<int> take() { return ray::put(value_); }
  void refresh() { ref_ = store(); }
  // What an actor keeps lives as long as the actor.
  ray::ObjectRef<int> kept() { return ref_; }

 private:
  ray::ObjectRef<int> store() { return ray::put(value_); }
  int value_ = 0;
  ray::ObjectRef<int> ref_;
};

using Refs = std::vector<ray::ObjectRef<int>>;
struct Out {
  ray::ObjectRef<int> ref;
  int size = 0;
};
// CHECK: :[[@LINE+2]]:68: warning: the worker that runs this owns what it puts
// CHECK: :[[@LINE+1]]:82: warning: the worker that runs this owns what it puts
[[ray::remote]] ray::ObjectRef<int> either(int x) { return x > 1 ? ray::put(x) : ray::put(2); }
// CHECK: :[[@LINE+2]]:44: warning: the worker that runs this owns what it puts
// CHECK: :[[@LINE+1]]:57: warning: the worker that runs this owns what it puts
[[ray::remote]] Refs both(int x) { return {ray::put(x), ray::put(2)}; }
// CHECK: :[[@LINE+1]]:78: warning: the worker that runs this owns what it puts
[[ray::remote]] std::pair<int, ray::ObjectRef<int>> pair(int x) { return {x, ray::put(x)}; }
// CHECK: :[[@LINE+1]]:54: warning: the worker that runs this owns what it puts
[[ray::remote]] Out field(int x) { return Out{.ref = ray::put(x), .size = 1}; }
[[ray::remote]] Out filled(int x) {
  Out out;
  // CHECK: :[[@LINE+1]]:13: warning: the worker that runs this owns what it puts
  out.ref = ray::put(x);
  return out;
}
[[ray::remote]] Refs parts(int x) {
  Refs refs;
  // CHECK: :[[@LINE+1]]:46: warning: the worker that runs this owns what it puts
  for (int i = 0; i < x; ++i) refs.push_back(ray::put(i));
  return refs;
}
[[ray::remote]] ray::ObjectRef<int> assigned(int x) {
  ray::ObjectRef<int> ref;
  // CHECK: :[[@LINE+1]]:9: warning: the worker that runs this owns what it puts
  ref = ray::put(x);
  return std::move(ref);
}
// CHECK: :[[@LINE+1]]:72: warning: the worker that runs this owns what it puts
[[ray::remote]] ray::Task<ray::ObjectRef<int>> late(int x) { co_return ray::put(x); }

[[ray::remote]] int work(int x) {
  auto table = ray::put(x);
  auto helper = [&] { return ray::put(x); };
  return ray::get(table) + ray::get(helper());
}
[[ray::remote]] ray::ObjectRef<int> start(int x) { return work.remote(x); }
[[ray::remote]] Refs of_tasks(int x) { return {work.remote(x), work.remote(ray::put(x))}; }
[[ray::remote]] int size(int x) { return Out{ray::put(x), 3}.size; }
[[ray::remote]] ray::ObjectRef<int> replaced(int x) {
  auto ref = ray::put(x);
  ref = work.remote(ref);
  return ref;
}
// What is kept elsewhere too lives on.
class [[ray::remote]] Keeper {
 public:
  ray::ObjectRef<int> add(int x) {
    auto ref = ray::put(x);
    all_.push_back(ref);
    return ref;
  }
  ray::ObjectRef<int> set(int x) { return last_ = ray::put(x); }

 private:
  Refs all_;
  ray::ObjectRef<int> last_;
};
ray::ObjectRef<int> local(int x) { return ray::put(x); }
