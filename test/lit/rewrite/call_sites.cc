// Only the name of a remote function before `.remote` is a call site; columns do not move.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
// RUN: %ray-cc -fsyntax-only %s
#include <ray/ray.h>

[[ray::remote]] int f(int x) { return x; }
namespace a { [[ray::remote]] int g(int x) { return x; } }
template <class T> [[ray::remote]] T h(T x) { return x; }
struct Other { int remote(int x) { return x; } };

int main() {
  Other other; other.remote(1);          // f.remote(1) in a comment
  const char* text = "f.remote(1)";      /* f.remote(2) */
  f.remote(1); f . remote (2); a::g.remote(f(3));
  h<int>.remote(4); h.remote(5);
  (void)text; f
      .remote(6);
}

// CHECK:      Other other; other.remote(1);          // f.remote(1) in a comment
// CHECK-NEXT: const char* text = "f.remote(1)";      /* f.remote(2) */
// CHECK-NEXT: f$remote(1); f{{ *}}${{ *}}remote {{ *}}(2); a::g$remote(f(3));
// CHECK-NEXT: h$remote<int>(4); h$remote(5);
