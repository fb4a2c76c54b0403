// Places in a graph are the user's, also behind a remote lambda on the same line, in a header or in
// a macro.
// RUN: split-file %s %t && cd %t
// RUN: %ray-cc --emit-graph main.cc | FileCheck main.cc
//--- header.h
#pragma once
#include <ray/ray.h>
inline int in_header(int n) {
  auto twice = ray::remote([n](int x) { return x * n; }); return ray::get(twice.remote(2));
}
//--- main.cc
#include "header.h"
#define SUBMIT(x) ray::remote([x] { return x; }).remote()

// CHECK: function @in_header
// CHECK-NEXT: %1 = submit ?(2) at 4:75
// CHECK-NEXT: get %1 at 4:66

int main() {  // CHECK: function @main
  int n = 1;
  auto add = ray::remote([n](int x) { return x + n; }); auto three = add.remote(2);
  // CHECK-NEXT: %three = submit ?(2) at [[@LINE-1]]:70
  auto all = ray::remote([=](int x) { return x + n; }); auto four = all.remote(three);
  // CHECK-NEXT: %four = submit ?(&%three) at [[@LINE-1]]:69
  auto five = SUBMIT(n); ray::get(five);
  // CHECK-NEXT: %five = submit ?() at [[@LINE-1]]:15
  // CHECK-NEXT: get %five at [[@LINE-2]]:26
  in_header(n);
}
