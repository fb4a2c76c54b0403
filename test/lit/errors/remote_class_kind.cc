// A remote class has a name of its own, and one state at a time.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK: remote_class_kind.cc:[[@LINE+2]]:14: error: a union cannot be a remote class [-Wray-remote-class-kind]
// CHECK: note: move it to namespace scope and give it a name
union [[ray::remote]] Value {
  int i;
  float f;
};

// CHECK: [[@LINE+2]]:14: error: an abstract class cannot be a remote class
// CHECK: note: annotate the classes that are derived from it
class [[ray::remote]] Shape {
 public:
  virtual int area() = 0;
};

// CHECK: [[@LINE+1]]:14: error: a class with a destructor that is not public cannot be a remote class
class [[ray::remote]] Final {
  ~Final() = default;
};
// CHECK: 3 errors generated.
