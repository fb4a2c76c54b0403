// EventLoop runs callbacks of one thread: for descriptors that became ready, for timers, and for
// closures posted by other threads.
//
// A callback may add and remove anything, itself included. After remove() or cancel() returns, the
// callback does not run any more.
// Threading: post() and stop() from any thread; everything else from the thread that runs the loop
// (or before it runs). Ownership: descriptors stay their owners', who remove them before they
// close.
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "runtime/base/unique_fd.h"

namespace ray::ipc {

class EventLoop {
 public:
  using TimerId = std::pair<std::int64_t, std::uint64_t>;        // when it is due, and a number
  using FdCallback = std::function<void(std::uint32_t events)>;  // EPOLLIN, EPOLLHUP, ...
  using Closure = std::function<void()>;

  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Level-triggered. One callback a descriptor.
  absl::Status add(int fd, std::uint32_t events, FdCallback callback);
  absl::Status modify(int fd, std::uint32_t events);
  void remove(int fd);

  TimerId run_after(std::int64_t delay_ns, Closure closure);
  void cancel(TimerId timer);

  void post(Closure closure);

  // Runs until stop(); closures posted before it have run then.
  void run();
  void stop();
  // Waits at most `timeout_ns` for something to do, does it, and returns whether there was any.
  bool run_once(std::int64_t timeout_ns);

 private:
  struct Watch {
    FdCallback callback;
    std::uint32_t generation;  // tells a descriptor from an earlier one of the same number
  };

  std::int64_t time_to_next_timer(std::int64_t limit_ns) const;
  bool run_timers();
  bool run_posted();
  void wake();

  base::UniqueFd epoll_;
  base::UniqueFd wake_;  // eventfd
  std::unordered_map<int, std::shared_ptr<Watch>> watches_;
  std::uint32_t next_generation_ = 1;
  std::map<TimerId, Closure> timers_;
  std::uint64_t next_timer_ = 1;
  std::atomic<bool> stopped_{false};

  std::mutex mutex_;
  std::vector<Closure> posted_;  // guarded by mutex_
};

}  // namespace ray::ipc
