// What an instance of a class template lacks to be an actor is said of it by its own name.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E 'object|\$' %t
#include <ray/ray.h>

// CHECK: :[[@LINE+2]]:{{[0-9]+}}: error: call to implicitly-deleted default constructor of 'Reference<int>'{{$}}
template <class T>
struct [[ray::remote]] Reference {
  T& referred;
  int get() { return referred; }
};

struct Base {
  explicit Base(int value) {}
};
namespace inside {
// CHECK: :[[@LINE+2]]:{{[0-9]+}}: error: call to implicitly-deleted default constructor of 'inside::Derived<Base>'{{$}}
template <class T>
struct [[ray::remote]] Derived : T {
  int get() { return 1; }
};
}  // namespace inside

int main() {
  Reference<int>::remote();
  inside::Derived<Base>::remote();
}
