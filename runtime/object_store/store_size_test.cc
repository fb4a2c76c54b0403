#include "runtime/object_store/store_size.h"

#include <gtest/gtest.h>

namespace ray::object_store {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

TEST(StoreSize, IsAThirdOfWhatIsAvailable) {
  EXPECT_EQ(store_bytes(10'000 * kMiB, std::nullopt), 3'000 * kMiB);
}

TEST(StoreSize, LeavesHalfOfTheControlGroupToThePrograms) {
  EXPECT_EQ(store_bytes(10'000 * kMiB, 1'000 * kMiB), 500 * kMiB);
  EXPECT_EQ(store_bytes(10'000 * kMiB, 9'000 * kMiB), 3'000 * kMiB);
}

TEST(StoreSize, IsNeverTooSmallToWork) { EXPECT_EQ(store_bytes(0, 0), 64 * kMiB); }

TEST(StoreSize, OfThisMachineIsWholeMebibytes) {
  EXPECT_GE(default_store_bytes(), 64 * kMiB);
  EXPECT_EQ(default_store_bytes() % kMiB, 0u);
}

}  // namespace
}  // namespace ray::object_store
