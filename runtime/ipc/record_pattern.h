// RecordPattern is the payloads of a stress test: sizes at random, most of them small, a few long,
// and contents that follow from the record's number, so that both sides know them from the seed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <span>
#include <vector>

namespace ray::ipc {

inline unsigned print_seed() {
  const unsigned seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::fflush(stdout);
  return seed;
}

class RecordPattern {
 public:
  RecordPattern(unsigned seed, std::uint32_t longest)
      : random_(seed), longest_(std::min(longest, 100u * 1024)), bytes_(longest_ + kPeriod) {
    for (std::size_t i = 0; i < bytes_.size(); ++i) bytes_[i] = static_cast<std::byte>(i % kPeriod);
  }

  // To be called once for each record, in order.
  std::span<const std::byte> next(std::uint64_t number) {
    const std::uint32_t dice = random_() % 1024;
    const std::uint32_t limit = dice == 0 ? longest_ : dice < 200 ? 400 : 49;
    return {bytes_.data() + number % kPeriod, random_() % (std::min(limit, longest_) + 1)};
  }

 private:
  static constexpr std::size_t kPeriod = 251;  // prime: no line length divides it

  std::mt19937 random_;
  std::uint32_t longest_;
  std::vector<std::byte> bytes_;
};

}  // namespace ray::ipc
