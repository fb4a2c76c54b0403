#include "runtime/object_store/populator.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/object_store/store_layout.h"

namespace ray::object_store {

Populator::Populator(const ipc::SharedMemory& memory, std::uint64_t begin)
    : memory_(memory), end_(begin), skip_to_(begin), target_(begin), thread_([this] { run(); }) {}

Populator::~Populator() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Populator::extend(std::uint64_t skip_to, std::uint64_t end) {
  {
    std::lock_guard lock(mutex_);
    skip_to_ = std::max(skip_to_, skip_to);
    target_ = std::max(target_, std::min<std::uint64_t>(end, memory_.size()));
  }
  changed_.notify_one();
}

void Populator::run() {
  // On Linux a thread has a nice value of its own.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || end() < target_; });
    if (stopping_) return;
    const std::uint64_t from = std::max(end(), align_up(skip_to_, kPageBytes));
    const std::uint64_t to = std::min(from + kStepBytes, align_up(target_, kPageBytes));
    lock.unlock();
    // Where the machine refuses, clients touch their pages themselves: nothing else depends on it.
    if (from < to && !memory_.populate(from, to - from).ok()) return;
    end_.store(std::max(from, to), std::memory_order_relaxed);
    lock.lock();
  }
}

std::uint64_t DemandMeter::update(std::uint64_t used_to, std::int64_t now_ns) {
  if (now_ns - window_start_ns_ >= kWindowNs) {
    const bool idle = now_ns - window_start_ns_ >= 2 * kWindowNs;
    previous_start_ = idle ? last_ : window_start_;
    window_start_ = last_;
    window_start_ns_ = now_ns;
  }
  last_ = used_to;
  return used_to - previous_start_;
}

}  // namespace ray::object_store
