// [[ray::transient]] is for a field, has no options, and cannot take a part out of a union.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

struct Item {
  // CHECK: transient_in_wrong_place.cc:[[@LINE+1]]:10: error: 'ray::transient' takes no options [-Wray-option-target]
  [[ray::transient(3)]] int cache;

  union {
    // CHECK: transient_in_wrong_place.cc:[[@LINE+2]]:12: error: 'ray::transient' does not apply to a member of a union [-Wray-misplaced-annotation]
    // CHECK: note: a union travels as a whole: put it on a field that holds the union
    [[ray::transient]] int number;
    // CHECK: transient_in_wrong_place.cc:[[@LINE+1]]:21: error: 'ray::transient' does not apply to a member of a union
    struct { [[ray::transient]] int x; int y; };
  };
  struct { [[ray::transient]] int* seen; int kept; };
  [[ray::transient()]] int bits : 3;
};
// CHECK: transient_in_wrong_place.cc:[[@LINE+1]]:21: error: 'ray::transient' does not apply to a member of a union
union Bits { [[ray::transient]] int number; float fraction; };
// CHECK: 4 errors generated.
