// What can only be moved, and is given by its name, is said to lack std::move rather than to be of
// a type that the parameter has too.
// RUN: not %ray-cc -fsyntax-only %s > %t 2>&1
// RUN: FileCheck %s < %t
#include <ray/ray.h>
#include <memory>
#include <utility>

class [[ray::remote]] Owner {
 public:
  int take(std::unique_ptr<int> owned) { return *owned; }
  int look(const std::unique_ptr<int>& owned) { return *owned; }
  int add(int amount, std::unique_ptr<int> owned) { return *owned; }
  int add(std::unique_ptr<int> owned) { return *owned; }
};
struct Held {
  std::unique_ptr<int> pointer;
};

void call(ray::ActorHandle<Owner> owner, std::unique_ptr<int> pointer, Held held) {
  const auto constant = std::make_unique<int>(1);
  // CHECK: copied_argument.cc:[[@LINE+2]]:21: error: cannot copy 'std::unique_ptr<int>' to parameter 'owned' of method 'take' of remote class 'Owner', which has type 'std::unique_ptr<int>': pass it with std::move(pointer) [-Wray-wrong-argument]
  // CHECK: copied_argument.cc:11:33: note: the parameter is declared here
  owner.take.remote(pointer);
  // CHECK: :[[@LINE+1]]:21: error: cannot copy 'std::unique_ptr<int>' to parameter 'owned' of method 'take' {{.*}}: pass it with std::move(...)
  owner.take.remote(held.pointer);
  // CHECK: :[[@LINE+1]]:21: error: cannot pass 'const std::unique_ptr<int>' to parameter 'owned' of method 'take' of remote class 'Owner', which has type 'std::unique_ptr<int>' [-Wray-wrong-argument]
  owner.take.remote(constant);
  // CHECK: :[[@LINE+2]]:{{[0-9]+}}: error: no overload of method 'add'
  // CHECK: note: cannot copy 'std::unique_ptr<int>' to parameter 'owned' of method 'add' {{.*}}: pass it with std::move(pointer)
  owner.add.remote(1, pointer);
  owner.look.remote(pointer);
  owner.take.remote(std::move(pointer));
}
// CHECK: 4 errors generated.
