#include "runtime/core_worker/continuations.h"

#include <utility>

namespace ray::core_worker {

Continuations::~Continuations() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Continuations::add(std::function<void()> closure) {
  std::lock_guard lock(mutex_);
  closures_.push_back(std::move(closure));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
}

void Continuations::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !closures_.empty(); });
    if (closures_.empty()) return;
    std::function<void()> closure = std::move(closures_.front());
    closures_.pop_front();
    lock.unlock();
    closure();
    closure = nullptr;
    lock.lock();
  }
}

}  // namespace ray::core_worker
