// Populator is the thread that touches the store's memory before a client needs it: a page's first
// touch costs 1 to 2 ms a MiB, its later use nothing.
//
// Everything below `end()` was touched by this thread or handed out before it came there; memory
// that was used once stays with the store. The thread yields to all others (nice 19).
// Threading: its members may be called from one thread, end() from any.
// Ownership: the memory is the caller's and outlives the Populator. The destructor ends the thread
// within one step, 0.5 ms.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "runtime/ipc/shared_memory.h"

namespace ray::object_store {

class Populator {
 public:
  static constexpr std::uint64_t kStepBytes = 256 << 10;

  // `begin` is a multiple of the page size.
  Populator(const ipc::SharedMemory& memory, std::uint64_t begin);
  ~Populator();

  // Populate up to `end`, but nothing below `skip_to`: that is in use, and touched by its users.
  void extend(std::uint64_t skip_to, std::uint64_t end);

  std::uint64_t end() const { return end_.load(std::memory_order_relaxed); }

 private:
  void run();

  const ipc::SharedMemory& memory_;
  std::atomic<std::uint64_t> end_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::uint64_t skip_to_;
  std::uint64_t target_;
  bool stopping_ = false;

  std::thread thread_;
};

// DemandMeter says how many bytes of never used memory went out in the last one to two seconds.
//
// Threading: one thread.
class DemandMeter {
 public:
  explicit DemandMeter(std::uint64_t begin)
      : window_start_(begin), previous_start_(begin), last_(begin) {}

  // `used_to` never falls: the end of what was ever used.
  std::uint64_t update(std::uint64_t used_to, std::int64_t now_ns);

 private:
  static constexpr std::int64_t kWindowNs = 1'000'000'000;

  std::int64_t window_start_ns_ = 0;
  std::uint64_t window_start_;    // used_to when this window began
  std::uint64_t previous_start_;  // and the window before it
  std::uint64_t last_;            // at the last call
};

}  // namespace ray::object_store
