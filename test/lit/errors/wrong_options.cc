// Options of a call are those of a struct: clang names the designator that is wrong.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -F '$' %t
#include <ray/ray.h>

[[ray::remote]] int work(int x) { return x; }
class [[ray::remote]] Tracker {
 public:
  int count(int x) const { return x; }
};

int main() {
  // CHECK-DAG: wrong_options.cc:[[@LINE+1]]:18: error: field designator 'num_cpu' does not refer to any field in type {{.*}}TaskOptions'; did you mean 'num_cpus'?
  work.options({.num_cpu = 1}).remote(1);
  // CHECK-DAG: wrong_options.cc:[[@LINE+1]]:{{[0-9]+}}: error: field designator 'max_retries' does not refer to any field in type {{.*}}ActorOptions'
  Tracker::options({.max_retries = 1}).remote();
  // CHECK-DAG: wrong_options.cc:[[@LINE+1]]:29: error: option 'num_cpus' is a 'double', and cannot be given 'const char[2]' [-Wray-wrong-argument]
  work.options({.num_cpus = "a"}).remote(1);
  // CHECK-DAG: wrong_options.cc:[[@LINE+1]]:30: error: option 'resources' is a 'std::map<{{.*}}>', and cannot be given '{...}'
  work.options({.resources = {{"a", "b"}}}).remote(1);
  // CHECK-DAG: wrong_options.cc:[[@LINE+1]]:44: error: option 'name' is a 'std::string', and cannot be given 'int'
  Tracker::remote().count.options({.name = 1}).remote(1);
}
// CHECK: 5 errors generated.
