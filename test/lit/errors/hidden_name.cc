// Where a nearer name hides the remote function, the call is an error, never a silent call of it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

[[ray::remote]] int count(int x) { return x; }

class [[ray::remote]] Tally {
 public:
  int total() { return 0; }
};

struct Watcher {
  ray::ActorHandle<Tally> tally;
  struct Remote {
    int remote(int x) { return x; }
  } count;
  int run() {
    // CHECK: hidden_name.cc:[[@LINE+2]]:12: error: {{.*}}'count'{{.*}} [-Wray-hidden-name]
    // CHECK: note: {{.*}}this->count.remote(...)
    return count.remote(1);
  }
};

int caller(Watcher::Remote count) {
  // CHECK:   hidden_name.cc:[[@LINE+1]]:10: error: {{.*}}'count'{{.*}} [-Wray-hidden-name]
  return count.remote(2);
}
