// Where a nearer name hides the remote function, the call is an error, never a silent call of it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
// RUN: not %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
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
    // CHECK: hidden_name.cc:[[@LINE+3]]:12: error: {{.*}}'count'{{.*}} [-Wray-hidden-name]
    // CHECK: note: {{.*}}this->count.remote(...)
    // FIX: fix-it:"{{.*}}hidden_name.cc":{[[@LINE+1]]:12-[[@LINE+1]]:12}:"this->"
    return count.remote(1);
  }
  int written_out() { return this->count.remote(1); }
  // Which has no `this`.
  // FIX-NOT: fix-it:
  // CHECK: :[[@LINE+1]]:35: error: 'count' is a member here
  static auto of_class() { return count.remote(1); }
};

int caller(Watcher::Remote count) {
  // CHECK:   hidden_name.cc:[[@LINE+1]]:10: error: {{.*}}'count'{{.*}} [-Wray-hidden-name]
  return count.remote(2);
}

// One of an inner namespace, by itself and by a using-declaration; parts of a value; a parameter of
// a template.
namespace inner {
extern Watcher::Remote count;
// CHECK: hidden_name.cc:[[@LINE+2]]:31: error: 'count' is a variable here, which hides the remote function [-Wray-hidden-name]
// CHECK: note: {{.*}}write '(count).remote(...)' for it
inline int sibling() { return count.remote(3); }
int count_too(int x);
}  // namespace inner
int by_using() {
  using inner::count;
  // CHECK:   hidden_name.cc:[[@LINE+1]]:10: error: 'count' is a local name here
  return count.remote(4);
}
int by_binding(std::vector<std::pair<Watcher::Remote, int>> all) {
  // CHECK:   hidden_name.cc:[[@LINE+1]]:48: error: 'count' is a local name here
  for (const auto& [count, size] : all) return count.remote(5);
  return 0;
}
template <Watcher::Remote* count>
int by_parameter() {
  // CHECK:   hidden_name.cc:[[@LINE+1]]:10: error: 'count' is a local name here
  return count.remote(6);
}

// Another function.
namespace plain {
int count(int x);
// CHECK: hidden_name.cc:[[@LINE+2]]:23: error: 'count' is another function here
// CHECK: note: {{.*}}annotate it with
auto other() { return count.remote(7); }
}  // namespace plain
