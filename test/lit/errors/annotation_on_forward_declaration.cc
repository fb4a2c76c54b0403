// A class bears the attribute on its definition, with all options: a forward declaration may repeat it bare.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

// CHECK: annotation_on_forward_declaration.cc:[[@LINE+2]]:14: error: 'ray::remote' is on a forward declaration of 'Plain', but not on its definition [-Wray-misplaced-annotation]
// CHECK: annotation_on_forward_declaration.cc:[[@LINE+2]]:7: note: the definition is here: annotate it
class [[ray::remote]] Plain;
class Plain {};

// CHECK: annotation_on_forward_declaration.cc:[[@LINE+2]]:14: error: options on a forward declaration of 'Counter' are those of no actor [-Wray-misplaced-annotation]
// CHECK: annotation_on_forward_declaration.cc:[[@LINE+2]]:23: note: they go on the definition of the class
class [[ray::remote(num_cpus = 1)]] Counter;
class [[ray::remote]] Counter {};

// CHECK: annotation_on_forward_declaration.cc:[[@LINE+3]]:15: error: options on a forward declaration of 'Box' are those of no actor
// CHECK: annotation_on_forward_declaration.cc:[[@LINE+2]]:15: note: they go on the definition of the class
template <class T>
struct [[ray::remote(max_restarts = 1)]] Box;

class [[ray::remote]] Tracker;
class [[ray::remote(num_cpus = 1)]] Tracker {};
class [[ray::remote]] Tracker;
class [[ray::remote()]] Elsewhere;

template <class T>
class [[ray::remote]] Cell {};
extern template class Cell<int>;
// CHECK: 3 errors generated.
