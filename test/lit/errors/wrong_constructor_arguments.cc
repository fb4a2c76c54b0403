// What makes an actor: the implicit constructor, which takes nothing, or those that are public and
// not deleted. A call that none of them takes is told so in their terms, whatever its spelling.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
// RUN: not grep -E 'create_selected|candidate|\$|internal|in instantiation' %t
#include <ray/ray.h>
#include <string>

struct [[ray::remote]] Plain {
  int m() { return 1; }
};
struct [[ray::remote]] Aggregate {
  int number = 1;
  std::string text;
};
class [[ray::remote]] Closed {
  int state_ = 0;
};
template <class T>
struct [[ray::remote]] Box {
  T m() { return {}; }
};
struct [[ray::remote]] Deleted {
  Deleted() = delete;
  Deleted(int number) {}
  Deleted(std::string) = delete;
};
class [[ray::remote]] Hidden {
  Hidden(int) {}
};
struct [[ray::remote]] OnlyCopied {
  OnlyCopied(const OnlyCopied&) {}
};

struct [[ray::remote]] Fixed {
  const int number;
};
class [[ray::remote]] Worker {
 public:
  int add(int x) { return x; }
  int add(std::string) = delete;
};

void call(ray::ObjectRef<int> ref, ray::ActorHandle<Worker> worker) {
  // CHECK:      wrong_constructor_arguments.cc:[[@LINE+5]]:3: error: constructor of remote class 'Plain' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  // CHECK-NEXT: Plain::remote(1)
  // CHECK-NEXT: ^
  // CHECK-NEXT: wrong_constructor_arguments.cc:9:24: note: 'Plain' has no constructor of its own, and starts with its default values: give it one that takes arguments
  // CHECK-NEXT: struct
  Plain::remote(1);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Plain' takes 0 arguments, but is given 2 [-Wray-wrong-argument]
  Plain::options({.num_cpus = 1}).remote(1, 2);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Plain' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  Plain::remote(ref);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Plain' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  Plain::options({}).remote(ref);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Aggregate' takes 0 arguments, but is given 2 [-Wray-wrong-argument]
  Aggregate::remote(1, "text");
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Aggregate' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  Aggregate::remote({.number = 1});
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Closed' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  Closed::remote(1);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Box' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  Box<int>::remote(2);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: error: constructor of remote class 'Box' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  Box<int>::options({.num_cpus = 1}).remote(2);
  // CHECK: :[[@LINE+1]]:3: error: constructor of remote class 'Deleted' takes 1 argument, but is given 0 [-Wray-wrong-argument]
  Deleted::remote();
  // CHECK: :[[@LINE+1]]:19: error: cannot pass 'std::string' to parameter 'number' of constructor of remote class 'Deleted', which has type 'int' [-Wray-wrong-argument]
  Deleted::remote(std::string("text"));
  // CHECK: :[[@LINE+1]]:15: error: no member named 'remote' in 'OnlyCopied'
  OnlyCopied::remote();
  // CHECK: note: 'OnlyCopied' has no public constructor to make an actor with
  // CHECK: :[[@LINE+1]]:10: error: no member named 'remote' in 'Fixed'
  Fixed::remote();
  // CHECK: note: 'Fixed' has no constructor to make an actor with: its implicit one is deleted
  // CHECK: :[[@LINE+1]]:21: error: cannot pass 'std::string' to parameter 'x' of method 'add' of remote class 'Worker', which has type 'int' [-Wray-wrong-argument]
  worker.add.remote(std::string("text"));

  // What is in a template's body clang tells at the end.
  // CHECK: :[[@LINE+1]]:23: error: constructor of remote class 'Plain' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  ray::actor<Plain>().remote(1);
  // CHECK: :[[@LINE+1]]:38: error: constructor of remote class 'Box' takes 0 arguments, but is given 1 [-Wray-wrong-argument]
  ray::actor<Box<int>>().options({}).remote(ref);
  // CHECK: :[[@LINE+1]]:24: error: remote class 'Hidden' has no public constructor to make an actor with [-Wray-wrong-argument]
  ray::actor<Hidden>().remote(1);
}
// CHECK: 17 errors generated.
