// Waiter is how a process waits for its rings: it spins while that is cheaper than sleeping, yields
// while that helps, and then sleeps on its bell.
//
// Waking a sleeper costs 50 us on another core and a shared line 0.1 us, but to spin where more
// processes are awake than there are cores takes the core from the one waited for. Hence:
//   - while no more processes are awake than cores, and the peer was last seen on another core,
//   spin
//     up to 20 us; half as long after each failure, 1.5 times as long after each success;
//   - then, or else, up to 20 sched_yields; one that takes over 50 us (a stranger keeps the core
//     busy) bans yielding for 20 ms;
//   - then sleep, for a bounded time.
// The path without a sleep makes no system call but sched_yield, and reads no clock but the ticks.
//
// Threading: one thread at a time, the leader of its process.
// Ownership: keeps references to the Fabric's entry and counter.
#pragma once

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "runtime/base/clock.h"
#include "runtime/ipc/bell.h"
#include "runtime/ipc/fabric.h"
#include "runtime/ipc/futex.h"

namespace ray::ipc {

class Waiter {
 public:
  struct Counts {
    std::uint64_t ready_at_once = 0;
    std::uint64_t spun = 0;     // became ready while spinning
    std::uint64_t yielded = 0;  // became ready while yielding
    std::uint64_t slept = 0;
    std::uint64_t timed_out = 0;  // of those that slept
    std::uint64_t bans = 0;       // of yielding
  };

  // Marks the process awake until the Waiter is destroyed.
  Waiter(const Fabric& fabric, ProcessEntry& self);
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter();

  // Waits until ready() is true, and returns its last answer: false after `timeout_ns`, a signal,
  // or a bell without a cause. ready() looks at the rings (RingConsumer::readable) and at any flag
  // whose writer rings the bell; arm() sets the event index of every ring (RingConsumer::set_event)
  // and is called before each sleep. `peer`, which may be null, is the process whose answer is
  // awaited.
  template <class Ready, class Arm>
  bool wait(Ready ready, Arm arm, std::int64_t timeout_ns, const ProcessEntry* peer = nullptr) {
    if (ready()) {
      ++counts_.ready_at_once;
      return true;
    }
    if (may_spin(peer) && spin(ready)) return true;
    if (yield(ready)) return true;
    return sleep(ready, arm, timeout_ns);
  }

  const Counts& counts() const { return counts_; }

 private:
  static constexpr double kSpinNsMax = 20'000;
  static constexpr double kSpinNsMin = 250;
  static constexpr double kSlowYieldNs = 50'000;
  static constexpr double kYieldBanNs = 20e6;
  static constexpr int kYields = 20;
  static constexpr int kLooksPerTick = 16;

  bool may_spin(const ProcessEntry* peer) {
    const auto cpu = static_cast<std::uint32_t>(sched_getcpu() + 1);
    if (self_.cpu.load(std::memory_order_relaxed) != cpu) {
      self_.cpu.store(cpu, std::memory_order_relaxed);
    }
    if (awake_.load(std::memory_order_relaxed) > cores_) return false;
    return peer == nullptr || peer->cpu.load(std::memory_order_relaxed) != cpu;
  }

  template <class Ready>
  bool spin(Ready& ready) {
    const std::uint64_t end = base::ticks() + rate_.ticks_of_ns(spin_ns_);
    do {
      for (int i = 0; i < kLooksPerTick; ++i) {
        if (ready()) {
          spin_ns_ = std::min(kSpinNsMax, spin_ns_ * 1.5);
          ++counts_.spun;
          return true;
        }
        base::cpu_relax();
      }
    } while (base::ticks() < end);
    spin_ns_ = std::max(kSpinNsMin, spin_ns_ / 2);
    return false;
  }

  template <class Ready>
  bool yield(Ready& ready) {
    std::uint64_t before = base::ticks();
    for (int i = 0; i < kYields && before >= yield_ban_end_; ++i) {
      if (ready()) {
        ++counts_.yielded;
        return true;
      }
      sched_yield();
      const std::uint64_t after = base::ticks();
      if (after - before > rate_.ticks_of_ns(kSlowYieldNs)) {
        yield_ban_end_ = after + rate_.ticks_of_ns(kYieldBanNs);
        ++counts_.bans;
      }
      before = after;
    }
    return false;
  }

  template <class Ready, class Arm>
  bool sleep(Ready& ready, Arm& arm, std::int64_t timeout_ns) {
    rate_.calibrate();
    arm();
    self_.bell.state.store(Bell::kLeader, std::memory_order_seq_cst);
    // A producer that published before it could see the state does not ring: look once more.
    if (ready()) {
      self_.bell.state.store(Bell::kAwake, std::memory_order_relaxed);
      return true;
    }
    ++counts_.slept;
    set_awake(false);
    if (!futex_wait(self_.bell.state, Bell::kLeader, timeout_ns)) ++counts_.timed_out;
    set_awake(true);
    self_.bell.state.store(Bell::kAwake, std::memory_order_relaxed);
    return ready();
  }

  void set_awake(bool awake);

  ProcessEntry& self_;
  std::atomic<std::int32_t>& awake_;
  const std::int32_t cores_;
  base::TickRate rate_;
  double spin_ns_ = kSpinNsMax;
  std::uint64_t yield_ban_end_ = 0;  // ticks
  Counts counts_;
};

}  // namespace ray::ipc
