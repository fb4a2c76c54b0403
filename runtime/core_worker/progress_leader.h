// ProgressLeader decides who looks at the rings: one thread that waits for something leads, others
// follow, asleep on words of their own; when nobody waits, a background thread watches.
//
// The leader owns the process' bell. When it has what it waited for it wakes one follower, or hands
// the bell to the background thread. That thread ticks each millisecond while work comes and goes,
// so that starting something never needs a system call to tell it; it sleeps when all is quiet.
// Threading: wait() and the rest under the engine's lock, which wait() gives up while it sleeps.
#pragma once

#include <ray/internal/engine.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "runtime/ipc/record_ring.h"
#include "runtime/ipc/waiter.h"

namespace ray::core_worker {

class Core;
class CoreLock;

// The rings that a thread without the lock may look at.
class PollSet {
 public:
  void add_replies(const ipc::RingView& ring) { rings_.push_back({ring.control, false}); }
  void add_requests(const ipc::RingView& ring) { rings_.push_back({ring.control, true}); }
  void clear() { rings_.clear(); }

  bool readable() const {
    for (const Ring& ring : rings_) {
      if (is_readable(*ring.control, ring.claims)) return true;
    }
    return false;
  }
  // Asks to be woken once `lines` lines have come in one of the rings of replies.
  void arm(std::uint32_t lines) const {
    for (const Ring& ring : rings_) {
      const std::uint32_t head = ring.control->head.load(std::memory_order_relaxed);
      ring.control->event.store(head + (ring.claims ? 1 : lines), std::memory_order_relaxed);
    }
  }
  static bool is_readable(const ipc::RingControl& ring, bool claims) {
    const std::uint32_t taken =
        claims ? static_cast<std::uint32_t>(ring.claim.load(std::memory_order_relaxed))
               : ring.head.load(std::memory_order_relaxed);
    return ring.tail.load(std::memory_order_acquire) != taken;
  }

 private:
  struct Ring {
    ipc::RingControl* control;
    bool claims;
  };
  std::vector<Ring> rings_;
};

// A thread that waits. Its word is 1 once it should look again.
struct ProgressFollower {
  std::atomic<std::uint32_t> word{0};
  bool sleeps = false;  // on its word, or is about to; guarded by the engine's lock
};

// What a thread of a worker's that runs a task does when it has waited for a while.
class BlockingTask {
 public:
  virtual void block(ProgressFollower& follower) = 0;
  virtual void unblock(ProgressFollower& follower) = 0;
  // A task to run in place of the wait, or 0; run_in_place() gives up the lock meanwhile.
  virtual std::uint32_t find_in_place(internal::Cells awaited) = 0;
  virtual void run_in_place(CoreLock& lock, std::uint32_t slot) = 0;

 protected:
  ~BlockingTask() = default;
};

class ProgressLeader {
 public:
  using Follower = ProgressFollower;
  struct Wait {
    Follower* follower = nullptr;         // required; woken by whoever completes what is waited for
    std::int64_t deadline_ns = kForever;  // base::monotonic_ns
    std::uint32_t lines_wanted = 1;       // a hint: how many lines of replies are worth waking for
    bool serves_calls = false;            // the worker's executor, idle
    BlockingTask* task = nullptr;         // told after kBlockAfterNs
    internal::Cells awaited = {};         // all are needed: they may be run in place
  };
  static constexpr std::int64_t kForever = INT64_MAX;
  static std::int64_t ns_of(const internal::Deadline& deadline);

  explicit ProgressLeader(Core& core);
  ~ProgressLeader() { stop(); }

  void start();
  void stop();  // without the lock

  // Until done() is true, under the lock; false at the deadline, or when the engine is down.
  bool wait(CoreLock& lock, const Wait& wait, absl::FunctionRef<bool()> done);
  // A follower that waits for something found it complete, under the lock.
  void wake(Follower& follower);
  void wake_all();
  // Something began that the background thread may have to finish.
  void note_activity();
  // The idle executor has calls to run although somebody else leads.
  void wake_executor();
  // A cell was put on the empty list of released ones. Any thread, under any lock of the user's.
  void released() noexcept;
  // Makes the leader look at the rings anew.
  void kick();

 private:
  static constexpr std::int64_t kBlockAfterNs = 1'000'000;
  static constexpr std::int64_t kTickNs = 1'000'000;
  static constexpr int kQuietTicks = 20;

  void lead(CoreLock& lock, const Wait& wait, std::int64_t until_ns);
  void follow(CoreLock& lock, const Wait& wait, std::int64_t until_ns);
  void hand_over();
  void refresh_rings();
  void background_loop();
  bool background_step(CoreLock& lock);

  Core& core_;
  ipc::Waiter waiter_;
  std::thread background_;

  // Guarded by the engine's lock.
  bool leading_ = false;
  Follower* leader_ = nullptr;                  // whose thread leads
  std::atomic<bool> background_asleep_{false};  // written under the lock
  bool stopping_ = false;
  std::uint64_t activity_seen_ = 0;
  int quiet_ticks_ = 0;
  std::list<Follower*> followers_;
  Follower* executor_ = nullptr;  // idle, following
  PollSet rings_;                 // read by the leader without the lock
  std::uint64_t rings_generation_ = 0;
  PollSet served_;

  std::atomic<bool> kicked_{false};
};

}  // namespace ray::core_worker
