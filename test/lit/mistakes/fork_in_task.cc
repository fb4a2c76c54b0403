// fork and exec in a worker.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <unistd.h>
#include <cstdlib>

[[ray::remote]] int start(int x) {
  // CHECK: fork_in_task.cc:[[@LINE+2]]:7: warning: 'fork' in a remote body copies a worker without its threads, but with its connections [-Wray-fork-in-task]
  // CHECK: fork_in_task.cc:[[@LINE+1]]:7: note: posix_spawn or std::system start a program safely
  if (fork() == 0) {
    // CHECK: :[[@LINE+1]]:5: warning: 'execlp' in a remote body replaces the worker, which counts as a crash
    execlp("true", "true", nullptr);
  }
  return x;
}
class [[ray::remote]] Runner {
 public:
  // CHECK: :[[@LINE+1]]:54: warning: 'fork' in a remote body
  int run() { auto go = [] { return static_cast<int>(fork()); }; return go(); }
  int safe() { return std::system("true"); }
};

struct Fork {
  int fork(int x) { return x; }
};
[[ray::remote]] int other(int x) { return Fork().fork(x); }
int local() { return fork(); }
