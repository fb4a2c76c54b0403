// What only a running program can know is no part of an annotation.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK:      run_time_only_option.cc:[[@LINE+4]]:15: error: option 'placement_group' can be given at run time only [-Wray-run-time-option]
// CHECK-NEXT: {{^ *[0-9]+ \| }}
// CHECK-NEXT: {{^ +\|( {15})}}^~~~~~~~~~~~~~~{{$}}
// CHECK:      note: write '.options({.placement_group = ...})' where it is called
[[ray::remote(placement_group = pg)]] int one() { return 1; }

// CHECK:      :[[@LINE+1]]:21: error: option 'labels' can be given at run time only [-Wray-run-time-option]
class [[ray::remote(labels = {"zone": "west"}, bundle = 1)]] Tracker {};
// CHECK:      :[[@LINE-1]]:48: error: option 'bundle' can be given at run time only [-Wray-run-time-option]
// CHECK: 3 errors generated.
