// Variables that the process of a remote body has for itself.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <iostream>
#include <map>
#include <mutex>
#include <semaphore>
#include <string>
#include <vector>

int count = 0;
std::string mode = "fast";
std::vector<int> seen;
int untouched = 7;
const std::vector<int> kTable = {1, 2, 3};
constexpr int kLimit = 10;
std::mutex guard;
std::map<int, int> cache;

[[ray::remote]] int work(int x) {
  // CHECK: mutable_global.cc:[[@LINE+2]]:5: warning: global variable 'count' is changed in a remote body, but each process has a 'count' of its own [-Wray-mutable-global]
  // CHECK: mutable_global.cc:[[@LINE+42]]:16: note: it is read here, in another process: pass it as an argument, return it, or keep it in an actor
  ++count;
  // CHECK: :[[@LINE+2]]:7: warning: global variable 'mode' is read in a remote body
  // CHECK: :[[@LINE+38]]:3: note: it is changed here, in another process
  if (mode == "slow") x += 1;
  // CHECK: :[[@LINE+2]]:3: warning: global variable 'seen' is changed in a remote body
  // CHECK: :[[@LINE+36]]:25: note: it is read here
  seen.push_back(x);
  static int calls = 0;
  // CHECK: :[[@LINE+2]]:10: warning: static variable 'calls' is changed in a remote body
  // CHECK: :[[@LINE-2]]:14: note: keep it in an actor, or return what the task has found
  return calls += x;
}

std::map<int, int>& known() {
  static std::map<int, int> values;
  return values;
}
[[ray::remote]] int harmless(int x) {
  std::lock_guard lock(guard);
  static const std::string name = "n";
  static std::map<int, int> memory;
  memory[x] = x;
  known()[x] = 1;
  std::cout << name;
  // A cache: only what runs in workers touches it.
  return cache.count(x) != 0 ? cache[x] : untouched + kTable[x] + kLimit;
}

class [[ray::remote]] Tally {
 public:
  // CHECK: :[[@LINE+2]]:21: warning: static variable 'total' is changed in a remote body
  // CHECK: :[[@LINE+10]]:47: note: it is read here
  void add(int x) { total += x; }
  void note(int x) { own += x; }
  int noted() { return own; }
  static int total;
  static int own;
};

int main() {
  mode = "slow";
  std::cout << count << seen.size() << Tally::total;
}

// Each process sets itself up.
void set_up();
[[ray::remote]] int set_up_once(int x) {
  static bool is_ready = false;
  if (!is_ready) {
    set_up();
    is_ready = true;
  }
  return x;
}

// Before main, each process runs these.
std::map<int, int> table;
std::vector<int> primes;
bool fill() {
  table[1] = 2;
  return true;
}
const bool is_filled = fill();
const int prime_count = [] {
  primes.push_back(2);
  return 1;
}();
[[ray::remote]] int look_up(int x) { return table.at(x) + primes[0]; }

// Locks order what the threads of one process do.
struct SpinLock {
  void lock();
  void unlock();
};
SpinLock spin;
std::counting_semaphore<8> places(8);
[[ray::remote]] void ordered() {
  std::lock_guard lock(spin);
  places.acquire();
  places.release();
}
void ordered_here() {
  std::lock_guard lock(spin);
  places.release();
}
