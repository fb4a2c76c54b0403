// Warnings about the user's code are given once, at its place; generated code gives none.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion %s \
// RUN:   2>&1 | FileCheck %s
// RUN: %ray-cc -fsyntax-only -DLAMBDAS -Weverything -Wno-c++98-compat -Wno-unsafe-buffer-usage %s \
// RUN:   2>&1 | FileCheck %s --check-prefix=LAMBDAS
// RUN: %ray-cc -fsyntax-only -DGLOBAL %s 2>&1 | count 0
#include <ray/ray.h>
#include <string>

#ifdef GLOBAL
auto doubled = ray::remote([](int x) { return 2 * x; });
#elif defined(LAMBDAS)
int take(int n);
int take(int n) {
  // LAMBDAS: warnings.cc:[[@LINE+1]]:40: warning: implicit conversion changes signedness
  auto task = ray::remote([n, x = 1u + n](int y) { return n + y; });
  return ray::get(task.remote(1));
}
// LAMBDAS: 1 warning generated.
#else

struct Item {
  int index;
  std::string word;
};

// CHECK: warnings.cc:[[@LINE+1]]:32: warning: unused parameter 'x' [-Wunused-parameter]
[[ray::remote]] Item make(long x, const std::string& word = "w") { return {1, word}; }
class [[ray::remote]] Tracker {
 public:
  int count() const { return count_; }
  // CHECK: warnings.cc:[[@LINE+1]]:{{[0-9]+}}: warning: {{.*}}-Wsign-conversion]
  unsigned large(int x) const { return x; }

 private:
  int count_ = 0;
};
void call() {
  // CHECK: warnings.cc:[[@LINE+1]]:7: warning: unused variable 'unused' [-Wunused-variable]
  int unused = 1;
  (void)make.remote(1);
  Tracker::remote().count.remote();
}
// CHECK: 3 warnings generated.
#endif
