// A ref of another type is refused by ray::task, ray::actor and ray::remote as by the plain call, where it is
// the only error, too.
// RUN: not %ray-cc -fsyntax-only -DCALL=1 %s 2>&1 | FileCheck %s --check-prefixes=TASK,ONE
// RUN: not %ray-cc -fsyntax-only -DCALL=2 %s 2>&1 | FileCheck %s --check-prefixes=OPTIONS,ONE
// RUN: not %ray-cc -fsyntax-only -DCALL=3 %s 2>&1 | FileCheck %s --check-prefixes=METHOD,ONE
// RUN: not %ray-cc -fsyntax-only -DCALL=4 %s 2>&1 | FileCheck %s --check-prefixes=ACTOR,ONE
// RUN: not %ray-cc -fsyntax-only -DCALL=5 %s 2>&1 | FileCheck %s --check-prefixes=LAMBDA,ONE
#include <ray/ray.h>

#include <string>

[[ray::remote]] int work(int x) { return x; }
class [[ray::remote]] Counter {
 public:
  explicit Counter(int start) : count(start) {}
  int add(int amount) { return count += amount; }

 private:
  int count;
};

void call(ray::ObjectRef<std::string> text, ray::ActorHandle<Counter> counter) {
#if CALL == 1
  // TASK: [[@LINE+2]]:26: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'x' of function 'work', which has type 'int' [-Wray-wrong-argument]
  // TASK: :12:30: note: the parameter is declared here
  ray::task(work).remote(text);
#elif CALL == 2
  // OPTIONS: [[@LINE+1]]:51: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'x' of function 'work', which has type 'int'
  ray::task(work).options({.num_cpus = 2}).remote(text);
#elif CALL == 3
  // METHOD: [[@LINE+1]]:44: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'amount' of method 'add', which has type 'int'
  ray::task(counter, &Counter::add).remote(text);
#elif CALL == 4
  // ACTOR: [[@LINE+1]]:32: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'start' of constructor of remote class 'Counter', which has type 'int'
  ray::actor<Counter>().remote(text);
#else
  // LAMBDA: [[@LINE+1]]:47: error: cannot pass 'ray::ObjectRef<std::string>' to parameter 'x' of this lambda, which has type 'int'
  ray::remote([](int x) { return x; }).remote(text);
#endif
}
// ONE: 1 error generated.
