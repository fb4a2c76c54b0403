// A method's concurrency group is one of those that its class declares.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

class [[ray::remote(concurrency_groups = {io: 2, compute: 1})]] Server {
 public:
  [[ray::method(concurrency_group = io)]] int read() { return 1; }
  // CHECK:      unknown_group.cc:[[@LINE+4]]:37: error: the class has no concurrency group 'oi'; did you mean 'io'? [-Wray-unknown-group]
  // CHECK-NEXT: {{^ *[0-9]+ \| }}
  // CHECK-NEXT: {{^ +\|( {37})}}^~{{$}}
  // CHECK:      note: the groups are those of the class's annotation: concurrency_groups = {oi: 1}
  [[ray::method(concurrency_group = oi)]] int write() { return 1; }
  // CHECK: [[@LINE+1]]:37: error: the class has no concurrency group 'disk' [
  [[ray::method(concurrency_group = disk)]] int flush() { return 1; }
};
class [[ray::remote]] Plain {
 public:
  // CHECK: [[@LINE+1]]:37: error: the class has no concurrency group 'io' [
  [[ray::method(concurrency_group = io)]] int read() { return 1; }
};
// An error in the groups is the only one.
// CHECK: [[@LINE+1]]:{{[0-9]+}}: error: 'io' takes a whole number
class [[ray::remote(concurrency_groups = {io: 0.5})]] Half {
 public:
  [[ray::method(concurrency_group = io)]] int read() { return 1; }
};
// CHECK: 4 errors generated.
