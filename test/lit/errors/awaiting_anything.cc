// A ray::Task that something of the user's could resume, it might resume on another thread.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E "TaskPromise|type 'void'" %t
#include <ray/ray.h>

#include <coroutine>

ray::Task<> odd() {
  // CHECK: :[[@LINE+1]]:3: error: a ray::Task awaits refs, ray::Tasks, a ray::Condition and ray::sleep_for(...), nothing else [-Wray-wrong-argument]
  co_await std::suspend_always();
}

// Said once, whatever it was meant to give.
ray::Task<int> number() {
  // CHECK: :[[@LINE+1]]:11: error: a ray::Task awaits refs
  int x = co_await 3;
  co_return x;
}
// CHECK: 2 errors generated.
