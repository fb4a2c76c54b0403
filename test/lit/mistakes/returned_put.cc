// A ref to what the worker itself has put.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <string>

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

[[ray::remote]] int work(int x) {
  auto table = ray::put(x);
  auto helper = [&] { return ray::put(x); };
  return ray::get(table) + ray::get(helper());
}
[[ray::remote]] ray::ObjectRef<int> start(int x) { return work.remote(x); }
ray::ObjectRef<int> local(int x) { return ray::put(x); }
