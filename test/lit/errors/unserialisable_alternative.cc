// Of what holds others, the one that cannot travel is named.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>

struct Choice {
  // CHECK: [[@LINE+1]]:34: error: field 'Choice::held' is a std::variant that may hold 'std::mutex *', a raw pointer, which cannot be serialised [-Wray-not-serialisable]
  std::variant<int, std::mutex*> held;
};
[[ray::remote]] int choose(Choice choice);
// CHECK: [[@LINE+1]]:58: error: parameter 'jobs' of remote function 'join' is a std::vector of a std::thread, which
[[ray::remote]] int join(int x, std::vector<std::thread> jobs);
// CHECK: [[@LINE+1]]:77: error: parameter 'v' of remote function 'nested' is a std::map of a std::vector of 'char *', a raw pointer, which
[[ray::remote]] int nested(const std::map<std::string, std::vector<char*>>& v);
// CHECK: [[@LINE+1]]:17: error: remote function 'both' returns a std::tuple of 'int *', a raw pointer, which
[[ray::remote]] std::tuple<std::string, int*> both(int x);
