// g++ compiles what --rewrite prints, and its object is a program of ours like any other.
// UNSUPPORTED: sanitized
// REQUIRES: g++-12
// RUN: %ray-cc --rewrite %s > %t.rewritten.cc
// RUN: g++-12 -std=c++20 -Wall -Wextra -Werror -Wno-unknown-pragmas -Wno-attributes -fno-access-control -isystem %stdlib -c %t.rewritten.cc -o %t.o
// RUN: %ray-cc %t.o -o %t && env RAY_ENGINE=local %t | FileCheck %s
// RUN: env RAY_ENGINE=native %t | FileCheck %s
#include <ray/ray.h>

#include <iostream>
#include <string>
#include <vector>

class Account {
 public:
  Account() = default;
  explicit Account(std::string owner, int balance) : owner_(owner), balance_(balance) {}
  std::string text() const { return owner_ + " " + std::to_string(balance_); }

 private:
  std::string owner_;
  int balance_ = 0;
};

[[ray::remote]] Account open(const std::string& owner, int balance = 5) {
  return Account(owner, balance);
}
[[ray::remote]] std::string show(const Account& account) { return account.text(); }
template <class T>
[[ray::remote]] T twice(T x) {
  return x + x;
}
class [[ray::remote]] Counter {
 public:
  explicit Counter(int start) : count_(start) {}
  int add(int amount) { return count_ += amount; }

 private:
  int count_;
};

int main() {
  ray::init();
  auto counter = Counter::remote(3);
  std::cout << ray::get(show.remote(open.remote("ann"))) << ' ' << ray::get(twice.remote(4)) << ' '
            << ray::get(counter.add.remote(twice.remote(1))) << '\n';
}
// CHECK: ann 5 8 5
