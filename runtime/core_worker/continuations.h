// Continuations runs closures one after the other, on a thread of its own that starts with the
// first of them.
//
// Threading: add() from any thread, under any lock; closures run under none. The destructor waits
// for those that were added.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace ray::core_worker {

class Continuations {
 public:
  Continuations() = default;
  ~Continuations();
  Continuations(const Continuations&) = delete;
  Continuations& operator=(const Continuations&) = delete;

  void add(std::function<void()> closure);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> closures_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ray::core_worker
