// Where a nearer name hides the remote function, and has no `.remote` of its own, the call is an error,
// never a silent call of the function.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

[[ray::remote]] int count(int x) { return x; }

struct Watcher {
  int count;
  int run() {
    // CHECK: hidden_name.cc:[[@LINE+3]]:21: error: 'count' is a member here, which hides the remote function [-Wray-hidden-name]
    // CHECK: hidden_name.cc:9:7: note: it is declared here: rename one of the two, or write the remote function's name with its scope
    // CHECK-NOT: this->
    return ray::get(count.remote(1)) + ray::get(::count.remote(1));
  }
};

int caller(int count) {
  // CHECK:   hidden_name.cc:[[@LINE+1]]:19: error: {{.*}}'count'{{.*}} [-Wray-hidden-name]
  return ray::get(count.remote(2));
}

// One of an inner namespace, by itself and by a using-declaration; parts of a value; a parameter of
// a template.
namespace inner {
extern int count;
// CHECK: hidden_name.cc:[[@LINE+1]]:40: error: 'count' is a variable here, which hides the remote function [-Wray-hidden-name]
inline int sibling() { return ray::get(count.remote(3)); }
int count_too(int x);
}  // namespace inner
int by_using() {
  using inner::count;
  // CHECK:   hidden_name.cc:[[@LINE+1]]:19: error: 'count' is a local name here
  return ray::get(count.remote(4));
}
int by_binding(std::vector<std::pair<int, int>> all) {
  // CHECK:   hidden_name.cc:[[@LINE+1]]:57: error: 'count' is a local name here
  for (const auto& [count, size] : all) return ray::get(count.remote(5));
  return 0;
}
template <int* count>
int by_parameter() {
  // CHECK:   hidden_name.cc:[[@LINE+1]]:19: error: 'count' is a local name here
  return ray::get(count.remote(6));
}

// Another function.
namespace plain {
int count(int x);
// CHECK: hidden_name.cc:[[@LINE+2]]:23: error: 'count' is another function here
// CHECK: note: {{.*}}annotate it with
auto other() { return count.remote(7); }
}  // namespace plain
