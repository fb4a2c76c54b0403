// The result of a task that nobody can get.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
#include <ray/ray.h>

[[ray::remote]] int work(int x);
[[ray::remote]] void log(int x);
class [[ray::remote]] Tally {
 public:
  int add(int x) { return x; }
};

ray::ObjectRef<int> call(ray::ActorHandle<Tally> tally, bool now) {
  // CHECK: discarded_ref.cc:[[@LINE+3]]:3: warning: the result of 'work' is lost, and so is what it may throw [-Wray-discarded-ref]
  // CHECK: discarded_ref.cc:[[@LINE+2]]:3: note: keep the ref, or write '(void)' before the call if it is not wanted
  // FIX: fix-it:"{{.*}}discarded_ref.cc":{[[@LINE+1]]:3-[[@LINE+1]]:3}:"(void)"
  work.remote(1);
  // CHECK: :[[@LINE+1]]:12: warning: the result of 'work' is lost
  if (now) work.remote(2);
  // CHECK: :[[@LINE+2]]:31: warning: the result of the task is lost
  // FIX: fix-it:"{{.*}}discarded_ref.cc":{[[@LINE+1]]:31-[[@LINE+1]]:31}:"(void)"
  for (int i = 0; i < 3; ++i) work.options({.num_cpus = 2}).remote(3);
  // CHECK: :[[@LINE+2]]:9: warning: the result of 'work' is lost
  // CHECK: :[[@LINE+1]]:26: warning: the result of 'work' is lost
  now ? work.remote(4) : work.remote(5);
  // CHECK: :[[@LINE+2]]:3: warning: the result of 'work' is lost
  // CHECK: :[[@LINE+1]]:19: warning: the result of 'work' is lost
  work.remote(6), work.remote(7);
  // CHECK: :[[@LINE+1]]:18: warning: the result of 'work' is lost
  auto second = (work.remote(8), work.remote(9));

  // Nothing to lose, said so, or a call that changes the actor.
  log.remote(1);
  (void)work.remote(1);
  tally.add.remote(1);
  auto kept = work.remote(1);
  auto either = now ? work.remote(1) : work.remote(2);
  now ? (void)work.remote(1) : (void)log.remote(2);
  auto later = [] { return work.remote(1); };
  return now ? kept : work.remote(2);
}
