// Clocks: monotonic nanoseconds for deadlines, and processor ticks for lengths below a millisecond,
// where a clock_gettime would cost more than what it measures.
//
// Threading: everything here may be called from any thread.
#pragma once

#include <time.h>

#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace ray::base {

// CLOCK_MONOTONIC: the same in all processes of a node, never set back.
inline std::int64_t monotonic_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

inline std::uint64_t ticks() {
#if defined(__x86_64__)
  return __rdtsc();
#elif defined(__aarch64__)
  std::uint64_t value;
  asm volatile("mrs %0, cntvct_el0" : "=r"(value));
  return value;
#else
#error "ticks() is not written for this processor"
#endif
}

// Tells the processor that this is a spin loop.
inline void cpu_relax() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// TickRate turns nanoseconds into ticks. It measures nothing at its start: it begins with a guess
// and is refined by `calibrate`, which its owner calls where time does not matter (before a sleep).
// After 10 ms of life the rate is within 0.01% and calibrate does nothing any more.
//
// Threading: one thread.
class TickRate {
 public:
  TickRate();

  std::uint64_t ticks_of_ns(double ns) const {
    return static_cast<std::uint64_t>(ns * ticks_per_ns_);
  }
  void calibrate() {
    if (!exact_) measure();
  }

 private:
  void measure();

  const std::uint64_t start_ticks_;
  const std::int64_t start_ns_;
  double ticks_per_ns_;
  bool exact_ = false;
};

}  // namespace ray::base
