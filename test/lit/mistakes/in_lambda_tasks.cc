// What ray::remote(lambda) gives is a task as a function is: its body runs in another process.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <unistd.h>
#include <string>
#include <string_view>

int level = 0;
int hits = 0;
thread_local int depth = 0;
std::string_view last;

void tasks() {
  level = 3;
  // CHECK: in_lambda_tasks.cc:[[@LINE+2]]:51: warning: global variable 'level' is read in a remote body
  // CHECK: in_lambda_tasks.cc:[[@LINE-2]]:3: note: it is changed here, in another process
  auto reads = ray::remote([](int x) { return x + level; });
  // CHECK: :[[@LINE+1]]:42: warning: global variable 'hits' is changed in a remote body
  auto writes = ray::remote([=](int x) { hits += x; return x; });
  // CHECK: :[[@LINE+1]]:43: warning: thread_local variable 'depth' is changed in a remote body
  auto thread = ray::remote([](int x) { ++depth; return x; });
  // CHECK: :[[@LINE+1]]:51: warning: 'fork' in a remote body copies a worker
  auto forks = ray::remote([](int x) { return int(fork()) + x; });
  // CHECK: :[[@LINE+2]]:53: warning: global variable 'last' is changed in a remote body
  // CHECK: :[[@LINE+1]]:53: warning: this outlives the call, but what parameter 's' shows does not
  auto keeps = ray::remote([](std::string_view s) { last = s; return 1; });
  // CHECK: :[[@LINE+1]]:46: warning: the worker that runs this owns what it puts
  auto puts = ray::remote([](int x) { return ray::put(x); });
  // CHECK: :[[@LINE+1]]:54: warning: 'fork' in a remote body
  auto generic = ray::remote([](auto x) { return x + fork(); });
  (void)generic.remote(1);
  auto nested = ray::remote([](int x) {
    // CHECK: :[[@LINE+1]]:30: warning: 'fork' in a remote body
    auto inner = [] { return fork(); };
    auto made = [](int y) { return ray::put(y); };
    return ray::get(made(x)) + inner();
  });
}

// Where nothing runs before main either.
// CHECK: :[[@LINE+1]]:48: warning: 'fork' in a remote body
auto at_start = ray::remote([](int x) { return fork() + x; });
template <class T>
auto in_template() {
  // CHECK: :[[@LINE+1]]:43: warning: 'fork' in a remote body
  return ray::remote([](T x) { return x + fork(); });
}
auto instance = in_template<int>();

// An actor's field, from a lambda that runs elsewhere; lambdas that stay here.
class [[ray::remote]] Desk {
 public:
  int ask(int x) {
    static int asked = 0;
    ++asked;
    auto task = ray::remote([](int y) { return y + 1; });
    return ray::get(task.remote(x)) + asked;
  }
};
int here() {
  int sum = 0;
  auto add = [&](int x) { return sum += x + level + fork(); };
  auto view = [](std::string_view s) { last = s; };
  view("text");
  auto put = [](int x) { return ray::put(x); };
  auto local = ray::remote([](std::string_view s) { auto copy = s; return copy.size(); });
  return add(1) + ray::get(put(1));
}
