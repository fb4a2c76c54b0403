// Of a method's templates and overloads a call that none can take says why, as a function's does.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E 'internal|[$]' %t
#include <ray/ray.h>

[[ray::remote]] double one(int x) { return x; }
class [[ray::remote]] Counter {
 public:
  template <class T>
  T both(T x, T y) { return x; }
  int over(int x) { return x; }
  int over(double x) { return 1; }
};

void use(ray::ActorHandle<Counter> counter) {
  // CHECK: [[@LINE+2]]:16: error: method 'both' of remote class 'Counter' takes 2 arguments, but is given 1
  // CHECK: 11:5: note: it is declared here
  counter.both.remote(1);
  // CHECK: [[@LINE+2]]:16: error: no matching member function for call to 'both'
  // CHECK: 11:5: note: candidate template ignored: deduced conflicting types for parameter 'T' ('int' vs. 'double')
  counter.both.remote(1, 2.0);
  // CHECK: [[@LINE+1]]:16: error: no matching member function for call to 'both'
  counter.both.remote(1, one.remote(2));
  // CHECK: [[@LINE+3]]:16: error: call to member function 'over' is ambiguous
  // CHECK: 12:7: note: candidate function
  // CHECK: 13:7: note: candidate function
  counter.over.remote(1L);
}
// CHECK: 4 errors generated.
