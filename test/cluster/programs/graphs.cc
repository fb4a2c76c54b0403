// Shapes of calls that deadlock an engine which is not careful, on two CPUs.
#include <ray/ray.h>
#include <unistd.h>

#include <cstdint>
#include <iostream>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

[[ray::remote]]
int plus_one(int x) {
  return x + 1;
}

// Every level waits for the next: more levels than there are CPUs.
[[ray::remote]]
int depth(int levels) {
  return levels == 0 ? 0 : 1 + ray::get(depth.remote(levels - 1));
}

// The same, and in how many processes.
[[ray::remote]]
std::set<int> depth_in_processes(int levels) {
  std::set<int> pids;
  if (levels != 0) pids = ray::get(depth_in_processes.remote(levels - 1));
  pids.insert(getpid());
  return pids;
}

// Each waits for all of its own at once.
[[ray::remote]]
std::set<int> branches_in_processes(int levels) {
  std::vector<ray::ObjectRef<std::set<int>>> refs;
  for (int i = 0; i < 3 && levels != 0; ++i) {
    refs.push_back(branches_in_processes.remote(levels - 1));
  }
  std::set<int> pids = {getpid()};
  for (const std::set<int>& some : ray::get(refs)) pids.insert(some.begin(), some.end());
  return pids;
}

// Levels with much on their stacks, of which not many fit on one.
[[ray::remote]]
int depth_of_large_frames(int levels) {
  volatile char frame[300'000];
  frame[levels] = 1;
  return levels == 0 ? 0 : frame[levels] + ray::get(depth_of_large_frames.remote(levels - 1));
}

// What a task that waits holds is lent to nobody, but for its CPU.
[[ray::remote(resources = {"licence" : 1})]] int depth_with_licence(int levels) {
  return levels == 0 ? 0 : 1 + ray::get(depth_with_licence.remote(levels - 1));
}

// Each of many tasks waits for a task of its own.
[[ray::remote]]
int nested(int x) {
  return ray::get(plus_one.remote(x));
}

// Receives the ref itself, and waits for it: its task may stand behind this one.
[[ray::remote]]
int await(ray::ObjectRef<int> ref) {
  return ray::get(ref);
}

[[ray::remote]]
int sum(const std::vector<int>& values) {
  return std::accumulate(values.begin(), values.end(), 0);
}

[[ray::remote]]
std::int64_t fibonacci(int n) {
  if (n < 2) return n;
  auto a = fibonacci.remote(n - 1);
  auto b = fibonacci.remote(n - 2);
  return ray::get(a) + ray::get(b);
}

class [[ray::remote]] Adder {
 public:
  explicit Adder(int start) : sum_(start) {}
  int add(int x) { return sum_ += x; }

 private:
  int sum_;
};

class [[ray::remote]] Relay {
 public:
  explicit Relay(ray::ActorHandle<Adder> adder) : adder_(adder) {}
  int add_twice(int x) {
    ray::get(adder_.add.remote(x));
    return ray::get(adder_.add.remote(x));
  }

 private:
  ray::ActorHandle<Adder> adder_;
};

[[ray::remote(num_cpus = 0.5)]]
int add_through(ray::ActorHandle<Adder> adder, int x) {
  return ray::get(adder.add.remote(x));
}

void recursion() { std::cout << ray::get(depth.remote(30)) << std::endl; }

// Four blocked for each CPU, those that run, and some that find out that this is the bound.
void report(const std::set<int>& pids) {
  std::cout << (pids.size() <= 24 ? "few" : std::to_string(pids.size())) << " processes"
            << std::endl;
}

void deep_recursion() { report(ray::get(depth_in_processes.remote(200))); }

void large_frames() { std::cout << ray::get(depth_of_large_frames.remote(60)) << std::endl; }

void held_resource() { std::cout << ray::get(depth_with_licence.remote(5)) << std::endl; }

void bushy_tree() { report(ray::get(branches_in_processes.remote(6))); }

void wide_fan_out() {
  std::vector<ray::ObjectRef<std::set<int>>> refs;
  for (int i = 0; i < 1000; ++i) refs.push_back(depth_in_processes.remote(1));
  std::set<int> pids;
  for (const std::set<int>& some : ray::get(refs)) pids.insert(some.begin(), some.end());
  report(pids);
}

void fan_out() {
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 1000; ++i) refs.push_back(nested.remote(i));
  std::cout << ray::get(sum.remote(refs)) << std::endl;
}

// Tasks that wait for refs of tasks submitted after them: put first what waits.
void queued_behind() {
  std::vector<ray::ObjectRef<int>> waiting;
  for (int round = 0; round < 50; ++round) {
    auto chain = plus_one.remote(round);
    for (int i = 0; i < 5; ++i) chain = await.remote(plus_one.remote(chain));
    waiting.push_back(chain);
  }
  std::cout << ray::get(sum.remote(waiting)) << std::endl;
}

void long_chain() {
  auto ref = plus_one.remote(0);
  for (int i = 1; i < 10000; ++i) ref = plus_one.remote(ref);
  std::cout << ray::get(ref) << std::endl;
}

void tree() { std::cout << ray::get(fibonacci.remote(11)) << std::endl; }

void many_dropped() {
  for (int i = 0; i < 10000; ++i) plus_one.remote(i);
  std::cout << ray::get(plus_one.remote(10000)) << std::endl;
}

void many_threads() {
  std::vector<int> sums(8);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([t, &sums] {
      std::vector<ray::ObjectRef<int>> refs;
      for (int i = 0; i < 500; ++i) refs.push_back(plus_one.remote(t));
      for (int value : ray::get(refs)) sums[t] += value;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int value : sums) std::cout << value << ' ';
  std::cout << std::endl;
}

void actors() {
  auto adder = Adder::remote(100);
  auto relay = Relay::remote(adder);
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 20; ++i) refs.push_back(add_through.remote(adder, 1));
  for (int i = 0; i < 10; ++i) refs.push_back(relay.add_twice.remote(1));
  ray::get(refs);
  std::cout << ray::get(adder.add.remote(0)) << std::endl;
}

// Calls of one caller on one actor run in their order, each once.
void actor_order() {
  auto adder = Adder::remote(0);
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 5000; ++i) refs.push_back(adder.add.remote(1));
  const std::vector<int> values = ray::get(refs);
  bool in_order = true;
  for (int i = 0; i < 5000; ++i) in_order = in_order && values[i] == i + 1;
  std::cout << (in_order ? "in order" : "out of order") << std::endl;
}

int main(int argc, char** argv) {
  const std::map<std::string, void (*)()> shapes = {
      {"deep_recursion", deep_recursion},
      {"bushy_tree", bushy_tree},
      {"held_resource", held_resource},
      {"large_frames", large_frames},
      {"wide_fan_out", wide_fan_out},
      {"recursion", recursion},
      {"fan_out", fan_out},
      {"queued_behind", queued_behind},
      {"long_chain", long_chain},
      {"tree", tree},
      {"many_dropped", many_dropped},
      {"many_threads", many_threads},
      {"actors", actors},
      {"actor_order", actor_order},
  };
  if (argc != 2) return 2;
  ray::init({.num_cpus = 2, .resources = {{"licence", 1}}});
  shapes.at(argv[1])();
}
