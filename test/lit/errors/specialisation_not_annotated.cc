// A specialisation has an attribute of its own, or is no remote class: the note says which it is.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=error:
#include <ray/ray.h>

template <class T>
class [[ray::remote]] Counter {
 public:
  T next() { return T(); }
};
// CHECK: specialisation_not_annotated.cc:[[@LINE+15]]:17: error: no member named 'remote' in 'Counter<int>'
// CHECK: specialisation_not_annotated.cc:[[@LINE+2]]:7: note: 'Counter<int>' is not a remote class: annotate it with {{\[\[ray::remote\]\]}}
template <>
class Counter<int> {
 public:
  int next() { return 1; }
};
// CHECK: :[[@LINE+9]]:18: error: no member named 'remote' in 'Counter<int *>'
// CHECK: :[[@LINE+2]]:7: note: 'Counter<int *>' is not a remote class: annotate it with
template <class T>
class Counter<T*> {
 public:
  int next() { return 1; }
};
void use() {
  Counter<int>::remote();
  Counter<int*>::remote();
  Counter<long>::remote();
}
