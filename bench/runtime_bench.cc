// Measures what a user of the library sees: task and actor round trips and throughput, put and get
// beside a warm memcpy of the same size, the time from init() to the first result, and the resident
// memory of the daemon and of an idle worker. Prints "name<TAB>value<TAB>unit", one a line, for
// bench/run.py, which sets each beside its limit.
#include <dirent.h>
#include <ray/ray.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

[[ray::remote]] int increment(int x) { return x + 1; }
[[ray::remote]] int process_id() { return static_cast<int>(::getpid()); }

class [[ray::remote]] Counter {
 public:
  int add(int x) { return sum_ += x; }

 private:
  int sum_ = 0;
};

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

// The median over `rounds` of what `run` returns.
double median_of(int rounds, const std::function<double()>& run) {
  std::vector<double> values;
  for (int i = 0; i < rounds; ++i) values.push_back(run());
  return median(values);
}

void report(const std::string& name, double value, const char* unit) {
  std::printf("%s\t%.6g\t%s\n", name.c_str(), value, unit);
  std::fflush(stdout);
}

void check(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "runtime_bench: wrong result: %s\n", what);
  std::exit(1);
}

// The median time of one call, awaited before the next is made.
double sync_microseconds(const std::function<int(int)>& call, int rounds) {
  for (int i = 0; i < rounds / 10; ++i) call(i);
  std::vector<double> times;
  times.reserve(rounds);
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    call(i);
    times.push_back(seconds_since(start) * 1e6);
  }
  return median(times);
}

// Calls a second with `window` of them in flight.
double async_per_second(const std::function<ray::ObjectRef<int>(int)>& call, int count) {
  constexpr int kWindow = 1000;
  std::vector<ray::ObjectRef<int>> window;
  window.reserve(kWindow);
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) {
    if (i < kWindow) {
      window.push_back(call(i));
    } else {
      ray::get(window[i % kWindow]);
      window[i % kWindow] = call(i);
    }
  }
  for (const auto& ref : window) ray::get(ref);
  return count / seconds_since(start);
}

void tasks() {
  report("task_sync", sync_microseconds([](int i) { return ray::get(increment.remote(i)); }, 20000),
         "us");
  check(ray::get(increment.remote(41)) == 42, "increment");
  report("task_async",
         median_of(
             5, [] { return async_per_second([](int i) { return increment.remote(i); }, 400000); }),
         "1/s");
}

void actors() {
  auto counter = Counter::remote();
  check(ray::get(counter.add.remote(1)) == 1, "Counter::add");
  report("actor_sync",
         sync_microseconds([&](int) { return ray::get(counter.add.remote(1)); }, 20000), "us");
  report(
      "actor_async",
      median_of(
          5, [&] { return async_per_second([&](int) { return counter.add.remote(1); }, 400000); }),
      "1/s");
}

void objects() {
  report("put_8B", sync_microseconds([](int i) { return ray::put(std::int64_t{i}), 0; }, 20000),
         "us");
  const auto small = ray::put(std::int64_t{7});
  report("get_8B", sync_microseconds([&](int) { return static_cast<int>(ray::get(small)); }, 20000),
         "us");
  for (const std::size_t mebibytes : {1, 256}) {
    const std::size_t bytes = mebibytes << 20;
    const std::string suffix = std::to_string(mebibytes) + "MiB";
    const int rounds = mebibytes == 1 ? 200 : 7;
    std::vector<std::uint64_t> source(bytes / sizeof(std::uint64_t), 1);
    std::vector<std::uint64_t> copy(source.size());
    const auto rate = [&](const std::function<void()>& run) {
      run();  // warm: pages are present
      return median_of(rounds, [&] {
        const auto start = Clock::now();
        run();
        return bytes / seconds_since(start) / 1e9;
      });
    };
    report("memcpy_" + suffix, rate([&] { std::memcpy(copy.data(), source.data(), bytes); }),
           "GB/s");
    report("put_" + suffix, rate([&] { ray::put(source); }), "GB/s");
    const auto ref = ray::put(source);
    report("get_" + suffix, rate([&] { check(ray::get(ref).size() == source.size(), "get"); }),
           "GB/s");
    report("view_" + suffix,
           sync_microseconds([&](int) { return static_cast<int>(ray::view(ref)->size()); }, 100),
           "us");
  }
}

// What a process costs beside those that share its pages: its own pages, anonymous or of files, but
// not the object store's, which count once.
double resident_megabytes(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps");
  double kilobytes = 0;
  bool counts = false;
  for (std::string line; std::getline(file, line);) {
    if (line.find('-') < line.find(' ')) counts = line.find("/memfd:") == std::string::npos;
    long value = 0;
    if (counts && (std::sscanf(line.c_str(), "Private_Clean: %ld", &value) == 1 ||
                   std::sscanf(line.c_str(), "Private_Dirty: %ld", &value) == 1)) {
      kilobytes += static_cast<double>(value);
    }
  }
  return kilobytes / 1024;
}

int parent_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; file >> word;) {
    int value = 0;
    if (word == "PPid:" && file >> value) return value;
  }
  return 0;
}

void memory() {
  const int worker = ray::get(process_id.remote());
  const int zygote = parent_of(worker);
  report("rss_worker", resident_megabytes(worker), "MB");
  report("rss_daemon", resident_megabytes(parent_of(zygote)), "MB");
}

}  // namespace

int main() {
  const auto start = Clock::now();
  ray::init({.num_cpus = 1});
  check(ray::get(increment.remote(1)) == 2, "first task");
  report("init_to_first_result", seconds_since(start) * 1e3, "ms");
  memory();
  tasks();
  actors();
  objects();
  ray::shutdown();
}
