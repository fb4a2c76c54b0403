// A binary carries the table of its remote functions and classes, with signature, options and place.
// RUN: %ray-cc -O2 %s -o %t
// RUN: %ray-cc --registry %t | FileCheck %s
// RUN: %ray-cc --emit-registry %s | FileCheck %s
#include <ray/ray.h>

[[ray::remote(num_cpus = 0.5)]] int square(int x) { return x * x; }
namespace ns {
class [[ray::remote(max_restarts = 3)]] Tracker {
 public:
  explicit Tracker(int) {}
  int add(int amount) { return amount; }
};
}  // namespace ns
int main() {}

// CHECK-DAG: {{^task[[:space:]]square[[:space:]]int \(int\)[[:space:]]}}{.num_cpus = 0.5}{{[[:space:]].*}}registry.cc:7
// CHECK-DAG: {{^actor[[:space:]]ns::Tracker::Tracker[[:space:]]void \(int\)[[:space:]]}}{.max_restarts = 3}{{[[:space:]].*}}registry.cc:
// CHECK-DAG: {{^method[[:space:]]ns::Tracker::add[[:space:]]int \(int\)[[:space:]].*}}registry.cc:12
