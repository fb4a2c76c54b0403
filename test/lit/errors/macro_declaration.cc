// A declaration that a macro or a typedef writes has no place for what goes beside it.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

#define WORK(name) [[ray::remote]] int name(int x)
// CHECK: macro_declaration.cc:{{[0-9]+}}:{{[0-9]+}}: error: a remote function must be declared by its own text, not by a macro's or a typedef's [-Wray-macro-declaration]
// CHECK: note: write the declaration out
WORK(work);
