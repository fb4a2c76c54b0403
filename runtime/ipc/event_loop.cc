#include "runtime/ipc/event_loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/base/status.h"

namespace ray::ipc {
namespace {

constexpr std::uint32_t kWakeGeneration = 0;
constexpr std::int64_t kRunBoundNs = 60'000'000'000;
constexpr int kEventsPerWait = 64;

// epoll keeps 64 bits a descriptor: 32 of number, 32 of generation.
std::uint64_t key_of(int fd, std::uint32_t generation) {
  return std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(fd);
}

}  // namespace

EventLoop::EventLoop()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CHECK(epoll_ && wake_);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = key_of(wake_.get(), kWakeGeneration)}};
  CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) == 0);
}

EventLoop::~EventLoop() = default;

absl::Status EventLoop::add(int fd, std::uint32_t events, FdCallback callback) {
  auto watch = std::make_shared<Watch>(Watch{std::move(callback), next_generation_});
  if (++next_generation_ == kWakeGeneration) ++next_generation_;
  epoll_event event{.events = events, .data = {.u64 = key_of(fd, watch->generation)}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return base::errno_status("watch a descriptor");
  }
  watches_[fd] = std::move(watch);
  return absl::OkStatus();
}

absl::Status EventLoop::modify(int fd, std::uint32_t events) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) return absl::NotFoundError("descriptor is not watched");
  epoll_event event{.events = events, .data = {.u64 = key_of(fd, found->second->generation)}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) != 0) {
    return base::errno_status("change the watch of a descriptor");
  }
  return absl::OkStatus();
}

void EventLoop::remove(int fd) {
  if (watches_.erase(fd) == 0) return;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

EventLoop::TimerId EventLoop::run_after(std::int64_t delay_ns, Closure closure) {
  const TimerId id{base::monotonic_ns() + std::max<std::int64_t>(0, delay_ns), next_timer_++};
  timers_.emplace(id, std::move(closure));
  return id;
}

void EventLoop::cancel(TimerId timer) { timers_.erase(timer); }

void EventLoop::post(Closure closure) {
  bool first;
  {
    const std::lock_guard lock(mutex_);
    first = posted_.empty();
    posted_.push_back(std::move(closure));
  }
  if (first) wake();
}

void EventLoop::wake() {
  const std::uint64_t one = 1;
  // EAGAIN means that the counter is full, so the loop wakes up anyway.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
}

void EventLoop::run() {
  while (!stopped_.load(std::memory_order_acquire)) run_once(kRunBoundNs);
  run_posted();
}

void EventLoop::stop() {
  stopped_.store(true, std::memory_order_release);
  wake();
}

std::int64_t EventLoop::time_to_next_timer(std::int64_t limit_ns) const {
  if (timers_.empty()) return limit_ns;
  const std::int64_t left = timers_.begin()->first.first - base::monotonic_ns();
  return std::clamp<std::int64_t>(left, 0, limit_ns);
}

bool EventLoop::run_timers() {
  bool any = false;
  const std::int64_t now = base::monotonic_ns();
  // One that a callback adds is due later than `now`, so this ends.
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    auto timer = timers_.extract(timers_.begin());
    timer.mapped()();
    any = true;
  }
  return any;
}

bool EventLoop::run_posted() {
  std::vector<Closure> posted;
  {
    const std::lock_guard lock(mutex_);
    posted.swap(posted_);
  }
  for (Closure& closure : posted) closure();
  return !posted.empty();
}

bool EventLoop::run_once(std::int64_t timeout_ns) {
  std::array<epoll_event, kEventsPerWait> events;
  const std::int64_t wait_ns = time_to_next_timer(std::max<std::int64_t>(0, timeout_ns));
  const timespec timeout{.tv_sec = wait_ns / 1'000'000'000, .tv_nsec = wait_ns % 1'000'000'000};
  const int ready = epoll_pwait2(epoll_.get(), events.data(), kEventsPerWait, &timeout, nullptr);
  CHECK(ready >= 0 || errno == EINTR);

  bool any = false;
  for (int i = 0; i < ready; ++i) {
    const int fd = static_cast<int>(static_cast<std::uint32_t>(events[i].data.u64));
    const auto generation = static_cast<std::uint32_t>(events[i].data.u64 >> 32);
    if (generation == kWakeGeneration) {
      std::uint64_t count;
      [[maybe_unused]] const ssize_t got = read(wake_.get(), &count, sizeof(count));
      continue;
    }
    const auto found = watches_.find(fd);
    // Removed, or closed and opened anew, by a callback earlier in this round.
    if (found == watches_.end() || found->second->generation != generation) continue;
    const std::shared_ptr<Watch> watch = found->second;  // the callback may remove itself
    watch->callback(events[i].events);
    any = true;
  }
  any = run_timers() || any;
  return run_posted() || any;
}

}  // namespace ray::ipc
