// A method that waits for a call of its own actor.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>

class [[ray::remote]] Account {
 public:
  void meet(ray::ActorHandle<Account> self, ray::ActorHandle<Account> other) {
    self_ = self;
    other_ = other;
  }
  int balance() const { return balance_; }
  int twice() {
    // CHECK: own_result.cc:[[@LINE+2]]:12: warning: this waits for 'balance' of this actor, which starts only when the method that waits has ended [-Wray-own-result]
    // CHECK: own_result.cc:[[@LINE+1]]:21: note: call 'balance(...)' itself
    return ray::get(self_.balance.remote()) * 2;
  }
  int again(ray::ActorHandle<Account> self) {
    auto ref = self.balance.remote();
    // CHECK: own_result.cc:[[@LINE+1]]:12: warning: this waits for 'balance' of this actor
    return ref.get();
  }
  int named() {
    // CHECK: own_result.cc:[[@LINE+1]]:12: warning: this waits for 'balance' of this actor
    return ray::get(self_.balance.options({.name = "a"}).remote());
  }
  // Another actor of the class, and a call that nobody waits for.
  int both() { return balance() + ray::get(other_.balance.remote()); }
  void later() { self_.twice.remote(); }

 private:
  int balance_ = 0;
  ray::ActorHandle<Account> self_;
  ray::ActorHandle<Account> other_;
};

// Two of its methods run at once.
class [[ray::remote(max_concurrency = 2)]] Parallel {
 public:
  int value() const { return 1; }
  int twice(ray::ActorHandle<Parallel> self) { return 2 * ray::get(self.value.remote()); }
};

int outside(ray::ActorHandle<Account> self) { return ray::get(self.balance.remote()); }
