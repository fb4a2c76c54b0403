// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      unknown_scheduling.cc:[[@LINE+5]]:28: error: unknown scheduling 'SPREAD'; did you mean 'spread'? [-Wray-option-value]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {28})}}^~~~~~~~{{$}}
// CHECK-NEXT: {{^ +\|( {28})}}spread{{$}}
// CHECK:      note: scheduling is hybrid, spread, node("id"), node("id", soft) or labels({...})
[[ray::remote(scheduling = "SPREAD")]] int one() { return 1; }

// CHECK:      :[[@LINE+2]]:41: error: 'node' takes the id of a node, then soft or nothing [-Wray-option-value]
// CHECK:      note: for example: scheduling = node("4f1e", soft)
[[ray::remote(scheduling = node("4f1e", hard))]] int two() { return 2; }
// CHECK: 2 errors generated.
