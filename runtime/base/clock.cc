#include "runtime/base/clock.h"

namespace ray::base {
namespace {

constexpr std::int64_t kUsableNs = 50'000;  // a shorter span says less than the guess
constexpr std::int64_t kExactNs = 10'000'000;

double first_guess() {
#if defined(__aarch64__)
  std::uint64_t hertz;
  asm volatile("mrs %0, cntfrq_el0" : "=r"(hertz));
  return static_cast<double>(hertz) / 1e9;
#else
  return 2.5;  // of processors sold since 2010, between 1.8 and 4.5
#endif
}

}  // namespace

TickRate::TickRate()
    : start_ticks_(ticks()), start_ns_(monotonic_ns()), ticks_per_ns_(first_guess()) {}

void TickRate::measure() {
  const std::uint64_t elapsed_ticks = ticks() - start_ticks_;
  const std::int64_t elapsed_ns = monotonic_ns() - start_ns_;
  if (elapsed_ns < kUsableNs) return;
  ticks_per_ns_ = static_cast<double>(elapsed_ticks) / static_cast<double>(elapsed_ns);
  exact_ = elapsed_ns >= kExactNs;
}

}  // namespace ray::base
