// A note says what to write where `.remote` is meant, and nothing where something else may be.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
// RUN: not %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
#include <ray/ray.h>

[[ray::remote]] int work(int x) { return x; }
class [[ray::remote]] Tracker {
 public:
  int count() const { return 1; }
};
struct Plain {};

int main() {
  // CHECK: [[@LINE+2]]:7: note: did you mean 'remote'?
  // FIX: fix-it:"{{.*}}misspelt_remote.cc":{[[@LINE+1]]:8-[[@LINE+1]]:13}:"remote"
  work.remot(1);
  // CHECK: [[@LINE+2]]:7: note: did you mean 'options'?
  // FIX: fix-it:"{{.*}}misspelt_remote.cc":{[[@LINE+1]]:8-[[@LINE+1]]:14}:"options"
  work.option({.num_cpus = 1}).remote(1);
  // CHECK: [[@LINE+1]]:7: note: it must be called: write 'work.remote(...)'
  work.remote;
  // CHECK: error: type 'work.options(...)' does not provide a call operator
  // CHECK-NEXT: work.options({})(1);
  // CHECK: note: write '.options(...).remote(...)'
  work.options({})(1);
  // CHECK: [[@LINE+1]]:10: note: 'Plain' is not a remote class: annotate it with {{\[\[ray::remote\]\]}}
  Plain::remote(1);
  // CHECK-NOT: error:
  // CHECK: [[@LINE+2]]:13: error: '.remote' follows a method of an object, not of an actor
  // CHECK: [[@LINE+1]]:13: note: 'C::remote(...)' makes an actor of class C
  Tracker().count.remote();
  // CHECK-NOT: error:
  // CHECK: [[@LINE+2]]:13: error: '.remote' follows a method of an object
  // CHECK: [[@LINE+1]]:13: note: 'C::remote(...)'
  Tracker().count.options({}).remote();
  // CHECK-NOT: note:
  ray::get(work.remote(1)).remote;
  ray::get(work.remote(1)).size();
}
// CHECK: errors generated.
