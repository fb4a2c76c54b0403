// What ray::task, ray::actor and ray::remote cannot be given is said at the call in a few lines:
// the parameter, its type and what was given.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E 'task\.h|objects\.h|create_selected|static_cast from|\$' %t
// RUN: count 64 < %t
#include <ray/ray.h>
[[ray::remote]] int f(int x, int y) { return x + y; }
[[ray::remote]] int sum(int x) { return x; }
[[ray::remote]] int sum(double x) { return 1; }
class [[ray::remote]] C {
 public:
  C(int n) {}
  int m(int x) { return x; }
  int o(int a) { return 1; }
  int o(double a) { return 2; }
};

void call(ray::ActorHandle<C> c, ray::ObjectRef<int> ref) {
  // CHECK: [[@LINE+2]]:13: error: ray::task takes one function, and there are several 'sum' [-Wray-wrong-argument]
  // CHECK: [[@LINE+1]]:13: note: choose one by a static_cast to its type
  ray::task(sum).remote(1);
  // CHECK: [[@LINE+1]]:16: error: ray::task takes one function, and there are several 'o'
  ray::task(c, &C::o).remote(1);
  // CHECK: [[@LINE+2]]:13: error: ray::task takes a function, not a lambda
  // CHECK: [[@LINE+1]]:13: note: that is what ray::remote takes
  ray::task([](int x) { return x; }).remote(1);
  // CHECK: [[@LINE+1]]:13: error: ray::task takes a function, not 'int'
  ray::task(3).remote(1);
  // CHECK: [[@LINE+1]]:13: error: ray::task takes a function, or a ray::ActorHandle and a method, not 'int'
  ray::task(3, &C::m).remote(1);
  // CHECK: [[@LINE+1]]:17: error: ray::get takes a duration as its timeout: 5s, not 'int'
  ray::get(ref, 5);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: error: cannot initialize a variable of type 'int *' with an lvalue of type 'int'
  auto generic = ray::remote([](auto x) { int* y = x; return x; });
  generic.remote(1);

  // What is in a template's body clang tells at the end.
  // CHECK: [[@LINE+2]]:23: error: cannot pass 'const char[2]' to parameter 'x' of function 'f', which has type 'int' [-Wray-wrong-argument]
  // CHECK: note: the parameter is declared here
  ray::task(f).remote("x", 1);
  // CHECK: [[@LINE+2]]:16: error: function 'f' takes 2 arguments, but is given 1 [-Wray-wrong-argument]
  // CHECK: note: it is declared here
  ray::task(f).remote(1);
  // CHECK: [[@LINE+1]]:30: error: cannot pass 'const char[2]' to parameter 'x' of method 'm', which has type 'int'
  ray::task(c, &C::m).remote("x");
  // CHECK: [[@LINE+1]]:23: error: method 'm' takes 1 argument, but is given 2
  ray::task(c, &C::m).remote(1, 2);
  // CHECK: [[@LINE+1]]:26: error: cannot pass 'const char[2]' to parameter 'n' of constructor of remote class 'C', which has type 'int'
  ray::actor<C>().remote("x");
  // CHECK: [[@LINE+1]]:47: error: cannot pass 'ray::ActorHandle<C>' to parameter 'x' of this lambda, which has type 'int'
  ray::remote([](int x) { return x; }).remote(c);
}
