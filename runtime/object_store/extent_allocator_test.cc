#include "runtime/object_store/extent_allocator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace ray::object_store {
namespace {

constexpr std::uint64_t kBegin = 4096;
constexpr std::uint64_t kUnit = ExtentAllocator::kAlignment;

TEST(ExtentAllocator, HandsOutAllOfItsSpaceAndNoMore) {
  ExtentAllocator allocator(kBegin, 10 * kUnit);
  EXPECT_EQ(allocator.allocate(4 * kUnit), kBegin);
  EXPECT_EQ(allocator.allocate(6 * kUnit), kBegin + 4 * kUnit);
  EXPECT_EQ(allocator.allocate(kUnit), std::nullopt);
  EXPECT_EQ(allocator.free_bytes(), 0u);
  EXPECT_EQ(allocator.largest_free(), 0u);
}

TEST(ExtentAllocator, JoinsNeighboursOnBothSides) {
  ExtentAllocator allocator(kBegin, 9 * kUnit);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(allocator.allocate(3 * kUnit).has_value());
  allocator.release(kBegin, 3 * kUnit);
  allocator.release(kBegin + 6 * kUnit, 3 * kUnit);
  EXPECT_EQ(allocator.free_ranges(), 2u);
  allocator.release(kBegin + 3 * kUnit, 3 * kUnit);
  EXPECT_EQ(allocator.free_ranges(), 1u);
  EXPECT_EQ(allocator.largest_free(), 9 * kUnit);
}

TEST(ExtentAllocator, TakesTheSmallestHoleThatFitsAndTheLowestOfEqualOnes) {
  ExtentAllocator allocator(kBegin, 100 * kUnit);
  ASSERT_EQ(allocator.allocate(50 * kUnit), kBegin);
  allocator.release(kBegin + 30 * kUnit, 2 * kUnit);
  allocator.release(kBegin + 10 * kUnit, 2 * kUnit);
  allocator.release(kBegin, 5 * kUnit);
  EXPECT_EQ(allocator.allocate(2 * kUnit), kBegin + 10 * kUnit);
  EXPECT_EQ(allocator.allocate(kUnit), kBegin + 30 * kUnit);
  EXPECT_EQ(allocator.allocate(3 * kUnit), kBegin);
}

TEST(ExtentAllocator, ReusesHolesBeforeItTouchesNewSpace) {
  ExtentAllocator allocator(kBegin, 1000 * kUnit);
  ASSERT_TRUE(allocator.allocate(100 * kUnit).has_value());
  for (int i = 0; i < 50; ++i) {
    allocator.release(kBegin, 100 * kUnit);
    ASSERT_TRUE(allocator.allocate(60 * kUnit).has_value());
    ASSERT_TRUE(allocator.allocate(40 * kUnit).has_value());
  }
  // The first round could not know better: one range lay open to the end.
  EXPECT_EQ(allocator.high_water(), kBegin + 100 * kUnit);
}

TEST(ExtentAllocator, AnEmptySpaceHasNothing) {
  ExtentAllocator allocator(kBegin, 0);
  EXPECT_EQ(allocator.allocate(kUnit), std::nullopt);
}

TEST(ExtentAllocatorDeathTest, AbortsWhereARangeComesBackTwice) {
  ExtentAllocator allocator(kBegin, 10 * kUnit);
  ASSERT_TRUE(allocator.allocate(4 * kUnit).has_value());
  allocator.release(kBegin, 2 * kUnit);
  EXPECT_DEATH(allocator.release(kBegin + kUnit, kUnit), "check failed");
}

// Against a model that is a vector of booleans.
class RandomisedAllocator : public testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomisedAllocator, NeverOverlapsAndNeverLoses) {
  std::printf("seed %u\n", GetParam());
  std::mt19937 random(GetParam());
  constexpr std::uint64_t kUnits = 512;
  ExtentAllocator allocator(kBegin, kUnits * kUnit);
  std::vector<bool> used(kUnits, false);
  std::map<std::uint64_t, std::uint64_t> held;  // unit -> units
  const auto longest_hole = [&] {
    std::uint64_t longest = 0;
    std::uint64_t current = 0;
    for (const bool taken : used) {
      current = taken ? 0 : current + 1;
      longest = std::max(longest, current);
    }
    return longest;
  };
  for (int step = 0; step < 5000; ++step) {
    if (random() % 2 == 0) {
      const std::uint64_t units = 1 + random() % (random() % 8 == 0 ? 100 : 10);
      const std::optional<std::uint64_t> offset = allocator.allocate(units * kUnit);
      ASSERT_EQ(offset.has_value(), units <= longest_hole());
      if (!offset) continue;
      ASSERT_EQ(*offset % kUnit, 0u);
      const std::uint64_t first = (*offset - kBegin) / kUnit;
      for (std::uint64_t i = first; i < first + units; ++i) {
        ASSERT_FALSE(used.at(i));
        used[i] = true;
      }
      held[first] = units;
    } else if (!held.empty()) {
      auto chosen = held.lower_bound(random() % kUnits);
      if (chosen == held.end()) chosen = held.begin();
      // Any part of what is held may come back by itself.
      const auto [first, units] = *chosen;
      const std::uint64_t begin = random() % units;
      const std::uint64_t length = 1 + random() % (units - begin);
      held.erase(chosen);
      if (begin > 0) held[first] = begin;
      if (begin + length < units) held[first + begin + length] = units - begin - length;
      allocator.release(kBegin + (first + begin) * kUnit, length * kUnit);
      std::fill_n(used.begin() + static_cast<std::ptrdiff_t>(first + begin), length, false);
    }
    ASSERT_EQ(allocator.free_bytes(),
              kUnit * static_cast<std::uint64_t>(std::count(used.begin(), used.end(), false)));
    ASSERT_EQ(allocator.largest_free(), kUnit * longest_hole());
  }
  for (const auto& [first, units] : held) allocator.release(kBegin + first * kUnit, units * kUnit);
  EXPECT_EQ(allocator.free_ranges(), 1u);
  EXPECT_EQ(allocator.free_bytes(), kUnits * kUnit);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomisedAllocator, testing::Range(1u, 11u));

}  // namespace
}  // namespace ray::object_store
