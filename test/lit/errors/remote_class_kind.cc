// A remote class has a name of its own, and one state at a time.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK: remote_class_kind.cc:[[@LINE+2]]:14: error: a union cannot be a remote class [-Wray-remote-class-kind]
// CHECK: note: move it to namespace scope and give it a name
union [[ray::remote]] Value {
  int i;
  float f;
};
