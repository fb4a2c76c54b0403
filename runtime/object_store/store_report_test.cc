#include "runtime/object_store/store_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ray::object_store {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(StoreReport, WritesBytesForPeople) {
  EXPECT_EQ(bytes_text(640), "640 bytes");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(std::uint64_t{3} << 30), "3.0 GiB");
  EXPECT_EQ(bytes_text(~std::uint64_t{0}), "16384.0 PiB");
}

TEST(StoreReport, NamesTheLargestHoldersAndCountsTheOthers) {
  std::vector<StoreHolder> holders;
  for (std::int32_t pid = 101; pid <= 110; ++pid) {
    holders.push_back({.process = {7}, .pid = pid, .objects = 1, .sealed = 4096});
  }
  const std::string text =
      store_full_text(1 << 20, {.capacity = 2 << 20, .free = 4096, .largest_free = 64}, holders, 9);
  EXPECT_THAT(text, HasSubstr("1.0 MiB wanted, 4.0 KiB of 2.0 MiB free (largest piece 64 bytes)"));
  EXPECT_THAT(text, HasSubstr("pid 108"));
  EXPECT_THAT(text, Not(HasSubstr("pid 109")));
  EXPECT_THAT(text, HasSubstr("and 2 processes more"));
}

TEST(StoreReport, NamesReadersOfFreedObjectsAndProcessesOfOtherNodes) {
  const std::string text = store_full_text(
      64, {.capacity = 128},
      {{.process = {0xab}, .objects = 2, .sealed = 2048, .oldest_ns = 300'000'000'000},
       {.process = {0xcd}, .pid = 12, .pinned_after_free = 1024}},
      0);
  EXPECT_THAT(text, HasSubstr("process 00000000000000ab: 2.0 KiB (owns 2.0 KiB in 2 objects, the "
                              "oldest made 5 min ago)"));
  EXPECT_THAT(text, HasSubstr("pid 12: 1.0 KiB (still reads 1.0 KiB that the owner has released)"));
}

}  // namespace
}  // namespace ray::object_store
