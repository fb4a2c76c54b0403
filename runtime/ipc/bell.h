// Bell wakes a process that has nothing to do: one in shared memory for each process, which the
// producers of all its rings ring after they have published.
//
// `state` is written by its own process, except that a producer who rings it sets it to awake:
//
//   awake       somebody in the process looks at the rings anyway
//   leader      a thread sleeps on `state` (Waiter)
//   background  nobody waits for a result: only the background thread watches, asleep on
//               `background`
//
// No wake-up is lost, because the sleeper writes its state before it looks at the rings a last
// time, the producer publishes before it reads the state, and both are sequentially consistent. A
// bell that is all zero is a valid one, of a process that is awake. Nobody's bell rings because its
// peer died. Threading: ring functions from anywhere; the others from the process that owns the
// bell.
#pragma once

#include <atomic>
#include <cstdint>

namespace ray::ipc {

struct alignas(128) Bell {
  static constexpr std::uint32_t kAwake = 0;
  static constexpr std::uint32_t kLeader = 1;
  static constexpr std::uint32_t kBackground = 2;

  std::atomic<std::uint32_t> state;
  std::atomic<std::uint32_t> background;  // 1: the background thread has been called
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

// Wakes whoever sleeps, at the cost of a system call. Returns whether somebody was woken.
bool ring_sleeper(Bell& bell);

// For a producer, after publish(): a fence and a read where the process is awake.
inline bool ring(Bell& bell) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (bell.state.load(std::memory_order_acquire) == Bell::kAwake) [[likely]]
    return false;
  return ring_sleeper(bell);
}

// The same, but lets a sleeping leader sleep until it has what it asked for by its ring's event
// index. The producer rings without a condition before it goes idle or starts something long.
template <class Producer>
bool ring_if_wanted(Bell& bell, const Producer& producer) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const std::uint32_t state = bell.state.load(std::memory_order_acquire);
  if (state == Bell::kAwake) [[likely]]
    return false;
  if (state == Bell::kLeader && !producer.wanted()) return false;
  return ring_sleeper(bell);
}

// A leaving leader, while work is in flight: from here on producers call the background thread.
// The caller then looks at its rings again, and calls call_background() where they hold something.
inline void hand_to_background(Bell& bell) {
  bell.state.store(Bell::kBackground, std::memory_order_seq_cst);
}
void call_background(Bell& bell);
// The background thread sleeps until it is called, at most `timeout_ns`; returns whether it was.
bool wait_in_background(Bell& bell, std::int64_t timeout_ns);

}  // namespace ray::ipc
