// A declaration whose parameters stand nowhere in the file cannot be repeated beside it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

#define DECLARE(name) [[ray::remote]] int name(int x)
using Function = int(int);

// CHECK: declaration_from_macro.cc:[[@LINE+1]]:1: error: a remote function must be declared by its own text, not by a macro's or a typedef's
DECLARE(one);
// CHECK: declaration_from_macro.cc:[[@LINE+1]]:26: error: a remote function must be declared by its own text
[[ray::remote]] Function two;
// CHECK: note: write the declaration out
#define BODY { public: int get() { return 1; } }
// CHECK: declaration_from_macro.cc:[[@LINE+1]]:23: error: the body of a remote class must not come from a macro
class [[ray::remote]] Three BODY;
// CHECK: declaration_from_macro.cc:[[@LINE+1]]:14: error: a union cannot be a remote class
union [[ray::remote]] Four { int x; };
// CHECK: 4 errors generated.
