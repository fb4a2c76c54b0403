// Futex: sleeping on, and waking from, a 32-bit word in memory that processes share (futex(2)).
#pragma once

#include <atomic>
#include <cstdint>

namespace ray::ipc {

// Sleeps while `word` holds `expected`. Returns on a wake-up, a signal or another value: the caller
// looks again. False where `timeout_ns` has passed.
bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::int64_t timeout_ns);

void futex_wake(const std::atomic<std::uint32_t>& word, int count = 1);

}  // namespace ray::ipc
