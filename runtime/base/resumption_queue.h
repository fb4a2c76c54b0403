// ResumptionQueue holds what may go on of the calls of an async actor: at once, in the order in
// which it came, or from some time on.
//
// Threading: none; its user locks.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace ray::base {

class ResumptionQueue {
 public:
  using Clock = std::chrono::steady_clock;
  struct Resumption {
    std::uint64_t call = 0;  // its user's number for it
    std::function<void()> go_on;
  };

  void add(Resumption resumption) { ready_.push_back(std::move(resumption)); }
  void add_at(Clock::time_point time, Resumption resumption) {
    timers_.emplace(time, std::move(resumption));
  }

  // When the first of those that wait for their time may go on.
  std::optional<Clock::time_point> next_time() const {
    return timers_.empty() ? std::nullopt : std::optional(timers_.begin()->first);
  }
  bool has_next() const {
    return !ready_.empty() || (!timers_.empty() && timers_.begin()->first <= Clock::now());
  }
  // None where nothing may go on now.
  std::optional<Resumption> take() {
    while (!timers_.empty() && timers_.begin()->first <= Clock::now()) {
      ready_.push_back(std::move(timers_.extract(timers_.begin()).mapped()));
    }
    if (ready_.empty()) return std::nullopt;
    Resumption next = std::move(ready_.front());
    ready_.pop_front();
    return next;
  }

 private:
  std::deque<Resumption> ready_;
  std::multimap<Clock::time_point, Resumption> timers_;
};

}  // namespace ray::base
