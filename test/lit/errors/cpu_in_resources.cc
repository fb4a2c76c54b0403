// CPU, GPU and memory have options of their own.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      cpu_in_resources.cc:[[@LINE+4]]:28: error: 'CPU' cannot stand in 'resources' [-Wray-option-value]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {28})}}^~~~~{{$}}
// CHECK:      note: write 'num_cpus = ...' instead
[[ray::remote(resources = {"CPU": 2})]] int one() { return 1; }

// CHECK:      :[[@LINE+2]]:38: error: 'GPU' cannot stand in 'resources' [-Wray-option-value]
// CHECK:      note: write 'num_gpus = ...' instead
[[ray::remote(resources = {"TPU": 1, "GPU": 2})]] int two() { return 2; }

// CHECK:      :[[@LINE+2]]:34: error: 'memory' cannot stand in 'resources' [-Wray-option-value]
// CHECK:      note: write 'memory = ...' instead
class [[ray::remote(resources = {"memory": 2})]] Tracker {};
// CHECK: 3 errors generated.
