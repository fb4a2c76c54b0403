// Variables of one thread, which tasks share by chance.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <random>

thread_local int depth = 0;
thread_local const int kDepth = 3;

[[ray::remote]] int work(int x) {
  // CHECK: thread_local.cc:[[@LINE+2]]:5: warning: thread_local variable 'depth' is changed in a remote body, but each thread of each process has a 'depth' of its own [-Wray-thread-local]
  // CHECK: note: it is changed here, in another process
  ++depth;
  thread_local int calls = 0;
  // CHECK: :[[@LINE+1]]:5: warning: thread_local variable 'calls' is changed in a remote body
  ++calls;
  // A generator or a buffer that is only reused.
  thread_local std::mt19937 random;
  return static_cast<int>(random()) + kDepth + x;
}

int main() { depth = 1; }
