// Generators whose worker, consumer or stream ends before them. DIR is where they leave marks.
//
//   streams MODE DIR
#include <ray/ray.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

void leave(const std::string& folder, const std::string& name, int what) {
  std::ofstream(folder + "/" + name + ".new") << what << std::flush;
  std::filesystem::rename(folder + "/" + name + ".new", folder + "/" + name);
}
void wait_for(const std::string& folder, const std::string& name) {
  while (!std::filesystem::exists(folder + "/" + name)) std::this_thread::sleep_for(1ms);
}

// Leaves a mark where its generator ends in an orderly way.
struct Mark {
  ~Mark() { leave(folder, "ended", yielded); }
  std::string folder;
  int yielded = 0;
};

// The first run stops behind its third item, for somebody to end it.
ray::Generator<int> six_items(std::string folder) {
  const bool again = std::filesystem::exists(folder + "/pid");
  for (int i = 0; i < 6; ++i) {
    if (i == 3 && !again) {
      leave(folder, "pid", getpid());
      std::this_thread::sleep_for(1h);
    }
    co_yield i;
  }
}
[[ray::remote]] ray::Generator<int> six(std::string folder) { return six_items(folder); }

class [[ray::remote(max_restarts = 1)]] Source {
 public:
  ray::Generator<int> six(std::string folder) { return six_items(folder); }
};

[[ray::remote]] ray::Generator<int> endless(std::string folder) {
  Mark mark{folder};
  for (;; ++mark.yielded) co_yield mark.yielded;
}
[[ray::remote(generator_backpressure = 1)]] ray::Generator<int> count(int n) {
  for (int i = 0; i < n; ++i) co_yield i;
}
[[ray::remote(generator_backpressure = 2)]] ray::Generator<std::vector<int>> blocks(int n) {
  for (int i = 0; i < n; ++i) co_yield std::vector<int>(1'000'000, i);
}
[[ray::remote]] long sum(const std::vector<int>& block) {
  return std::accumulate(block.begin(), block.end(), 0l);
}
// Takes one item, and goes on for ever.
[[ray::remote(max_retries = 0)]] int take_one(std::string folder) {
  auto stream = endless.remote(folder);
  leave(folder, "pid", getpid() + 0 * ray::get(*stream.next()));
  std::this_thread::sleep_for(1h);
  return 0;
}
[[ray::remote]] int sum_of_stream(int n) {
  int total = 0;
  for (const auto& item : count.remote(n)) total += ray::get(item);
  return total;
}

void print(ray::ObjectRefGenerator<int> stream) {
  for (const auto& item : stream) {
    try {
      std::cout << ray::get(item) << std::endl;
    } catch (const ray::WorkerCrashedError&) {
      std::cout << "WorkerCrashedError" << std::endl;
    } catch (const ray::ActorUnavailableError&) {
      std::cout << "ActorUnavailableError" << std::endl;
    }
  }
}

void task(const std::string& folder) { print(six.remote(folder)); }
void task_without_retries(const std::string& folder) {
  print(six.options({.max_retries = 0}).remote(folder));
}
void method(const std::string& folder) {
  auto source = Source::remote();
  print(source.six.options({.max_task_retries = 1}).remote(folder));
}
void method_without_retries(const std::string& folder) {
  auto source = Source::remote();
  print(source.six.remote(folder));
}

void dropped(const std::string& folder) {
  {
    auto stream = endless.options({.generator_backpressure = 8}).remote(folder);
    for (int i = 0; i < 20; ++i) ray::get(*stream.next());
  }
  wait_for(folder, "ended");
}

void consumer(const std::string& folder) {
  auto result = take_one.remote(folder);
  try {
    ray::get(result);
  } catch (const ray::WorkerCrashedError&) {
    std::cout << "WorkerCrashedError" << std::endl;
  }
  wait_for(folder, "ended");
}

// Blocked generators, for the test to end this process.
void driver(const std::string& folder) {
  std::vector<ray::ObjectRefGenerator<int>> streams;
  for (int i = 0; i < 4; ++i) streams.push_back(endless.remote(folder));
  for (auto& stream : streams) ray::get(*stream.next());
  std::cout << "ready" << std::endl;
  std::this_thread::sleep_for(1h);
}

// More than there are CPUs, each waiting for room in turn.
void many(const std::string&) {
  std::vector<ray::ObjectRefGenerator<int>> streams;
  for (int i = 0; i < 12; ++i) streams.push_back(count.remote(50));
  long total = 0;
  for (int i = 0; i < 50; ++i) {
    for (auto& stream : streams) total += ray::get(*stream.next());
  }
  for (auto& stream : streams) total += stream.next().has_value();
  std::cout << total << std::endl;
  std::cout << ray::get(sum_of_stream.remote(100)) << std::endl;
}

// 200 MB through a store of 64 MB, by way of tasks.
void large(const std::string&) {
  std::vector<ray::ObjectRef<long>> sums;
  long total = 0;
  for (const auto& block : blocks.remote(50)) {
    sums.push_back(sum.remote(block));
    if (sums.size() < 4) continue;
    total += ray::get(sums.front());
    sums.erase(sums.begin());
  }
  for (const auto& left : sums) total += ray::get(left);
  std::cout << total << std::endl;
}

int main(int argc, char** argv) {
  const std::map<std::string, void (*)(const std::string&)> modes = {
      {"task", task},       {"task_without_retries", task_without_retries},
      {"method", method},   {"method_without_retries", method_without_retries},
      {"dropped", dropped}, {"consumer", consumer},
      {"driver", driver},   {"many", many},
      {"large", large},
  };
  if (argc != 3) return 2;
  ray::init({.num_cpus = 2, .object_store_memory = 64 << 20});
  modes.at(argv[1])(argv[2]);
  std::cout << "end" << std::endl;
}
