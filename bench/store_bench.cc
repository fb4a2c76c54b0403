// Measures the object store's own part of put and get, without sockets or processes: host and
// client in one process, beside a copy of the same size into memory that is mapped and warm. Prints
// "name<TAB>value<TAB>unit", one a line.
//
// put is allocate, copy, seal and free; its ratio is the copy's time to the put's: 1 is the limit.
// get is pin and unpin: nothing is copied. first put is into memory that no one has touched yet, or
// only the host's populating thread.
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/object_store/store_loopback.h"

namespace {

using ray::base::monotonic_ns;
using ray::object_store::Location;
using ray::object_store::StoreClient;
using ray::object_store::StoreLoopback;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kProcess = 1;

// The median time of `run` in us, over about half a second.
double median_us(const std::function<void()>& run) {
  std::vector<double> times;
  const std::int64_t end = monotonic_ns() + 500'000'000;
  while (times.size() < 5 || monotonic_ns() < end) {
    const std::int64_t start = monotonic_ns();
    run();
    times.push_back(static_cast<double>(monotonic_ns() - start) / 1000);
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return times[times.size() / 2];
}

void report(const std::string& name, double value, const char* unit) {
  std::printf("%s\t%.4g\t%s\n", name.c_str(), value, unit);
  std::fflush(stdout);
}

Location put(StoreClient& client, const std::vector<char>& source) {
  const auto extent = client.allocate(source.size());
  CHECK(extent.ok());
  std::memcpy(extent->data, source.data(), source.size());
  return client.seal(*extent, {.owner = {kProcess}, .sequence = 1, .slot = 0});
}

// As first put, after the host has touched the memory: what is left are this process' page faults.
double first_put_populated_us(const std::vector<char>& source) {
  const std::uint64_t bytes = source.size();
  StoreLoopback store({.capacity = 2 * bytes, .populate_bytes_min = 2 * bytes});
  StoreClient& client = store.add_client(kProcess);
  while (store.usage().populated < 2 * bytes)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const std::int64_t start = monotonic_ns();
  put(client, source);
  return static_cast<double>(monotonic_ns() - start) / 1000;
}

void measure(std::uint64_t bytes) {
  const std::string name = std::to_string(bytes / kMiB) + "MiB";
  const std::vector<char> source(bytes, 'x');

  void* warm = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(warm != MAP_FAILED);
  const double copy_us = median_us([&] { std::memcpy(warm, source.data(), bytes); });
  munmap(warm, bytes);

  StoreLoopback store({.capacity = 1024 * kMiB, .populate_bytes_min = 0});
  StoreClient& client = store.add_client(kProcess);
  const std::int64_t start = monotonic_ns();
  client.free(put(client, source));
  const double first_us = static_cast<double>(monotonic_ns() - start) / 1000;
  const double put_us = median_us([&] { client.free(put(client, source)); });

  const Location location = put(client, source);
  const double get_us = median_us([&] {
    CHECK(client.pin(location).ok());
    client.unpin(location);
  });

  report("memcpy_" + name, copy_us, "us");
  report("store_put_" + name, put_us, "us");
  report("store_put_ratio_" + name, copy_us / put_us, "of memcpy");
  report("store_first_put_" + name, first_us, "us");
  report("store_get_" + name, get_us, "us");
  report("store_first_put_populated_" + name, first_put_populated_us(source), "us");
}

}  // namespace

int main() {
  for (const std::uint64_t size : {1 * kMiB, 64 * kMiB, 256 * kMiB}) measure(size);
}
