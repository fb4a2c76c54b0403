#include "runtime/core_worker/progress_leader.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/reference_table.h"
#include "runtime/ipc/futex.h"

namespace ray::core_worker {
namespace {

constexpr std::int64_t kLongSleepNs = 3'600'000'000'000;

}  // namespace

ProgressLeader::ProgressLeader(Core& core) : core_(core), waiter_(core.fabric, core.self) {}

std::int64_t ProgressLeader::ns_of(const internal::Deadline& deadline) {
  if (!deadline) return kForever;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(deadline->time_since_epoch()).count();
}

void ProgressLeader::start() {
  background_ = std::thread([this] { background_loop(); });
}

void ProgressLeader::stop() {
  {
    CoreLock lock(core_);
    stopping_ = true;
    core_.call_background_later();
  }
  if (background_.joinable()) background_.join();
}

bool ProgressLeader::wait(CoreLock& lock, const Wait& wait, absl::FunctionRef<bool()> done) {
  const std::int64_t block_at =
      wait.task == nullptr ? kForever : base::monotonic_ns() + kBlockAfterNs;
  const bool timed = wait.task != nullptr || wait.deadline_ns != kForever;
  bool blocked = false;
  bool result = false;
  for (;;) {
    // What is there already comes first: an executor's next call does not wait for replies.
    do {
      result = done();
    } while (!result && core_.progress());
    if (result || core_.is_down()) break;
    if (!wait.awaited.empty()) {
      if (const std::uint32_t slot = wait.task->find_in_place(wait.awaited); slot != 0) {
        if (std::exchange(blocked, false)) wait.task->unblock(*wait.follower);
        if (!leading_) hand_over();
        wait.task->run_in_place(lock, slot);
        continue;
      }
    }
    std::int64_t until = wait.deadline_ns;
    if (timed) {
      const std::int64_t now = base::monotonic_ns();
      if (now >= wait.deadline_ns) break;
      if (wait.task != nullptr && !blocked) {
        if (now >= block_at) {
          blocked = true;
          wait.task->block(*wait.follower);
        } else {
          until = std::min(until, block_at);
        }
      }
    }
    if (core_.has_unsent()) until = std::min(until, base::monotonic_ns() + kTickNs);
    if (leading_) {
      follow(lock, wait, until);
    } else {
      lead(lock, wait, until);
    }
  }
  if (blocked) wait.task->unblock(*wait.follower);
  if (!leading_) hand_over();
  return result;
}

void ProgressLeader::lead(CoreLock& lock, const Wait& wait, std::int64_t until_ns) {
  leading_ = true;
  leader_ = wait.follower;
  leader_->word.store(0, std::memory_order_relaxed);
  refresh_rings();
  // A bell that still calls the background thread would do so while this thread spins. Producers
  // read this line for each record: it is written only where that changes it.
  std::atomic<std::uint32_t>& bell = core_.self.bell.state;
  if (bell.load(std::memory_order_relaxed) != ipc::Bell::kAwake) {
    bell.store(ipc::Bell::kAwake, std::memory_order_relaxed);
  }
  lock.unlock();
  const std::int64_t timeout = until_ns == kForever
                                   ? kLongSleepNs
                                   : std::max<std::int64_t>(0, until_ns - base::monotonic_ns());
  waiter_.wait(
      [&] {
        return rings_.readable() || kicked_.load(std::memory_order_relaxed) ||
               leader_->word.load(std::memory_order_acquire) != 0 ||
               ((wait.serves_calls || core_.executor->is_idle()) && served_.readable());
      },
      [&] {
        rings_.arm(wait.lines_wanted);
        served_.arm(1);
      },
      timeout);
  kicked_.store(false, std::memory_order_relaxed);
  lock.lock();
  leading_ = false;
  leader_ = nullptr;
}

void ProgressLeader::follow(CoreLock& lock, const Wait& wait, std::int64_t until_ns) {
  Follower& me = *wait.follower;
  me.word.store(0, std::memory_order_relaxed);
  const auto place = followers_.insert(followers_.end(), &me);
  if (wait.serves_calls) executor_ = &me;
  me.sleeps = true;
  lock.unlock();
  std::int64_t left = kLongSleepNs;
  while (me.word.load(std::memory_order_acquire) == 0) {
    if (until_ns != kForever) {
      left = until_ns - base::monotonic_ns();
      if (left <= 0) break;
    }
    ipc::futex_wait(me.word, 0, left);
  }
  lock.lock();
  me.sleeps = false;
  if (wait.serves_calls) executor_ = nullptr;
  followers_.erase(place);
}

void ProgressLeader::wake(Follower& follower) {
  if (follower.word.load(std::memory_order_relaxed) != 0) return;
  follower.word.store(1, std::memory_order_release);
  // The leader sleeps on the bell: the background thread may have read the reply it waits for.
  if (&follower == leader_) {
    core_.ring_later(core_.self);
  } else if (follower.sleeps) {
    core_.wake_later(follower.word);
  }
}

void ProgressLeader::wake_all() {
  for (Follower* follower : followers_) wake(*follower);
  kick();
}

void ProgressLeader::wake_executor() {
  if (executor_ == nullptr) return;
  core_.executor->set_idle(false);
  wake(*executor_);
}

void ProgressLeader::released() noexcept {
  if (background_asleep_.load(std::memory_order_seq_cst)) ipc::call_background(core_.self.bell);
}

void ProgressLeader::kick() {
  kicked_.store(true, std::memory_order_relaxed);
  core_.ring_later(core_.self);
}

void ProgressLeader::note_activity() {
  ++core_.activity;
  if (background_asleep_) {
    background_asleep_ = false;
    core_.call_background_later();
  }
}

// Called by a thread that leaves, under the lock, while nobody leads.
void ProgressLeader::hand_over() {
  for (Follower* follower : followers_) {
    if (follower->word.load(std::memory_order_relaxed) == 0) {
      wake(*follower);
      return;
    }
  }
  if (!background_asleep_) return;  // it looks within a tick
  if (!core_.peers->has_links() && !core_.leases->has_work() && !core_.actors->has_work()) return;
  ipc::hand_to_background(core_.self.bell);
  refresh_rings();
  if (rings_.readable()) core_.call_background_later();
}

void ProgressLeader::refresh_rings() {
  if (rings_generation_ == core_.poll_generation) return;
  rings_generation_ = core_.poll_generation;
  rings_.clear();
  served_.clear();
  core_.leases->add_rings(rings_);
  core_.actors->add_rings(rings_);
  core_.peers->add_rings(rings_);
  core_.executor->add_rings(served_);
}

void ProgressLeader::background_loop() {
  CoreLock lock(core_);
  while (!stopping_) {
    if (!background_step(lock)) break;
  }
}

// One look, and one sleep without the lock.
bool ProgressLeader::background_step(CoreLock& lock) {
  while (core_.progress()) {
  }
  const std::int64_t now = base::monotonic_ns();
  const std::int64_t due = core_.leases->run_timers(now);
  core_.settle();
  const bool busy = core_.activity != activity_seen_;
  activity_seen_ = core_.activity;
  quiet_ticks_ = busy ? 0 : quiet_ticks_ + 1;

  std::int64_t sleep_ns = kTickNs;
  bool watches = false;
  if (core_.is_down()) {
    sleep_ns = 100 * kTickNs;
  } else if (quiet_ticks_ >= kQuietTicks) {
    sleep_ns = due == kForever ? kLongSleepNs : std::max(kTickNs, due - now);
    if (core_.has_unsent()) sleep_ns = kTickNs;
    background_asleep_.store(true, std::memory_order_seq_cst);
    watches = true;
  } else {
    watches = !busy;
  }
  bool readable = false;
  if (watches && !leading_) {
    refresh_rings();
    ipc::hand_to_background(core_.self.bell);
    readable = rings_.readable();
  }
  if (stopping_) return false;
  // A release that saw this thread awake, before it said that it sleeps, did not call it.
  if (background_asleep_ && core_.references->has_released()) readable = true;
  lock.unlock();
  bool called = readable;
  if (!readable) called = ipc::wait_in_background(core_.self.bell, sleep_ns);
  lock.lock();
  if (background_asleep_ && called) quiet_ticks_ = kQuietTicks / 2;
  background_asleep_ = false;
  return true;
}

}  // namespace ray::core_worker
