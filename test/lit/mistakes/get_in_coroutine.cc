// Blocking calls in a coroutine.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
#include <ray/ray.h>
#include <coroutine>
#include <vector>

struct Job {
  struct promise_type {
    Job get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
struct IntGenerator {
  struct promise_type {
    IntGenerator get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    std::suspend_never yield_value(int) { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
[[ray::remote]] int work(int x);

Job waits(std::vector<ray::ObjectRef<int>> refs) {
  auto ref = work.remote(1);
  int x = co_await ref;
  // CHECK: get_in_coroutine.cc:[[@LINE+3]]:8: warning: ray::get blocks the thread that this coroutine shares with others [-Wray-get-in-coroutine]
  // CHECK: get_in_coroutine.cc:[[@LINE+2]]:8: note: write 'co_await' with the ref
  // FIX: fix-it:"{{.*}}get_in_coroutine.cc":{[[@LINE+1]]:8-[[@LINE+1]]:21}:"co_await ref"
  x += ray::get(ref);
  // CHECK: :[[@LINE+1]]:24: warning: ray::wait blocks the thread
  auto [ready, rest] = ray::wait(refs);
  // CHECK: :[[@LINE+1]]:16: warning: ray::get blocks the thread
  for (int y : ray::get(ready)) x += y;
}

IntGenerator generates() {
  for (int i = 0; i < 3; ++i) co_yield i;
  co_yield ray::get(work.remote(1));
}
int blocks() { return ray::get(work.remote(1)); }

ray::Task<int> blocks_in_task(ray::ObjectRef<int> ref) {
  // CHECK: :[[@LINE+1]]:13: warning: ray::get blocks the thread
  co_return ray::get(ref) + co_await ref;
}
ray::Task<int> parts(ray::ObjectRef<std::vector<int>> ref, ray::ObjectRef<int> other, bool first) {
  // CHECK: :[[@LINE+2]]:9: warning: ray::get blocks the thread
  // FIX: fix-it:"{{.*}}get_in_coroutine.cc":{[[@LINE+1]]:9-[[@LINE+1]]:22}:"(co_await ref)"
  int x(ray::get(ref).size());
  // CHECK: :[[@LINE+2]]:8: warning: ray::get blocks the thread
  // FIX: fix-it:"{{.*}}get_in_coroutine.cc":{[[@LINE+1]]:8-[[@LINE+1]]:19}:"co_await other"
  x += other.get();
  try {
    x += co_await other;
  } catch (const ray::Error&) {
    // A handler cannot await.
    // CHECK: :[[@LINE+2]]:10: warning: ray::get blocks the thread
    // FIX-NOT: fix-it:
    x += ray::get(other);
  }
  co_return x;
}
class [[ray::remote]] Desk {
 public:
  ray::Task<int> ask(int x) {
    // CHECK: :[[@LINE+2]]:19: warning: ray::get blocks the thread
    // CHECK: :[[@LINE+1]]:19: note: write 'co_await' with the task
    const int y = ray::get(blocks_in_task(work.remote(x)));
    co_return y + co_await blocks_in_task(work.remote(x));
  }
  int answer(int x) { return ray::get(work.remote(x)); }
};
