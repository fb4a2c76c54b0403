#include "runtime/object_store/populator.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace ray::object_store {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::int64_t kSecond = 1'000'000'000;

std::uint64_t resident_bytes(const ipc::SharedMemory& memory) {
  std::vector<unsigned char> pages(memory.size() / 4096);
  EXPECT_EQ(mincore(memory.data(), memory.size(), pages.data()), 0);
  return 4096 * static_cast<std::uint64_t>(std::count_if(
                    pages.begin(), pages.end(), [](unsigned char page) { return page & 1; }));
}

void wait_for_end(const Populator& populator, std::uint64_t end) {
  for (int i = 0; i < 60'000 && populator.end() < end; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(populator.end(), end);
}

TEST(Populator, TouchesWhatItIsToldAndNoMore) {
  auto memory = ipc::SharedMemory::create("populator_test", 16 * kMiB);
  ASSERT_TRUE(memory.ok()) << memory.status();
  Populator populator(*memory, kMiB);
  populator.extend(kMiB, 3 * kMiB);
  wait_for_end(populator, 3 * kMiB);
  EXPECT_EQ(resident_bytes(*memory), 2 * kMiB);
  populator.extend(kMiB, 2 * kMiB);  // less than before changes nothing
  populator.extend(10 * kMiB, 12 * kMiB);
  wait_for_end(populator, 12 * kMiB);
  EXPECT_EQ(resident_bytes(*memory), 4 * kMiB) << "what is in use is left to its users";
}

TEST(Populator, StopsAtTheEndOfTheMemory) {
  auto memory = ipc::SharedMemory::create("populator_test", 2 * kMiB);
  ASSERT_TRUE(memory.ok()) << memory.status();
  Populator populator(*memory, 0);
  populator.extend(0, 1000 * kMiB);
  wait_for_end(populator, 2 * kMiB);
  EXPECT_EQ(resident_bytes(*memory), 2 * kMiB);
}

TEST(DemandMeter, CountsTheLastOneToTwoSeconds) {
  DemandMeter meter(1000);
  EXPECT_EQ(meter.update(1000, 10 * kSecond), 0u);
  EXPECT_EQ(meter.update(1100, 10 * kSecond + 1), 100u);
  EXPECT_EQ(meter.update(1150, 11 * kSecond + 2), 150u);
  EXPECT_EQ(meter.update(1150, 12 * kSecond + 3), 50u) << "the first 100 are two seconds old";
  EXPECT_EQ(meter.update(1150, 20 * kSecond), 0u);
  EXPECT_EQ(meter.update(1400, 20 * kSecond + 1), 250u);
}

}  // namespace
}  // namespace ray::object_store
