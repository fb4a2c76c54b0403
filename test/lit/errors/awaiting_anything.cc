// A ray::Task that something of the user's could resume, it might resume on another thread.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

#include <coroutine>

ray::Task<> odd() {
  // CHECK: :[[@LINE+1]]:3: error: a ray::Task awaits refs, ray::Tasks, a ray::Condition and ray::sleep_for(...), nothing else
  co_await std::suspend_always();
}
