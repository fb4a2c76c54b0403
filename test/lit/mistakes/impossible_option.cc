// Demands that no machine meets.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>

// CHECK: impossible_option.cc:[[@LINE+2]]:40: warning: 'num_cpus' is 100000 CPUs: no node has that many [-Wray-impossible-option]
// CHECK: impossible_option.cc:[[@LINE+1]]:40: note: a task that no node can run waits until one joins that can
[[ray::remote(num_cpus = 100000)]] int huge(int x) { return x; }
// CHECK: :[[@LINE+1]]:35: warning: 'memory' is 512 bytes: nothing fits into that
[[ray::remote(memory = 512)]] int small(int x) { return x; }
// CHECK: :[[@LINE+1]]:40: warning: 'num_gpus' is 1000 GPUs
class [[ray::remote(num_gpus = 1000)]] Everything {
 public:
  int x() { return 1; }
};
[[ray::remote(num_cpus = 64, num_gpus = 8, memory = 512GiB)]] int large(int x) { return x; }
[[ray::remote(num_cpus = 0, memory = 0)]] int none(int x) { return x; }

void call(double cpus) {
  // CHECK: :[[@LINE+1]]:36: warning: 'num_cpus' is 5000 CPUs
  (void)large.options({.num_cpus = 5000}).remote(1);
  // CHECK: :[[@LINE+1]]:47: warning: 'memory' is 100 bytes
  auto actor = Everything::options({.memory = 100}).remote();
  (void)large.options({.num_cpus = cpus, .memory = 1 << 30}).remote(1);
}
