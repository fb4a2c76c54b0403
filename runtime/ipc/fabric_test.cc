#include "runtime/ipc/fabric.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

namespace ray::ipc {
namespace {

constexpr FabricLimits kSmall{
    .processes = 3, .channels = 2, .request_lines = 64, .reply_lines = 64};

base::UniqueFd duplicate(int fd) { return base::UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

TEST(SharedMemory, IsTheSameForAllWhoMapIt) {
  const SharedMemory here = SharedMemory::create("test", 8192).value();
  const SharedMemory there = SharedMemory::map(duplicate(here.fd()), Access::read_only).value();
  here.data()[5000] = std::byte{42};
  EXPECT_EQ(there.size(), 8192u);
  EXPECT_EQ(there.data()[5000], std::byte{42});
  ASSERT_TRUE(here.punch_hole(4096, 4096).ok());
  EXPECT_EQ(there.data()[5000], std::byte{0});
}

TEST(SharedMemory, CannotBeCutOff) {
  const SharedMemory memory = SharedMemory::create("test", 8192).value();
  EXPECT_NE(ftruncate(memory.fd(), 4096), 0);
  base::UniqueFd unsealed(memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(ftruncate(unsealed.get(), 8192), 0);
  EXPECT_FALSE(SharedMemory::map(std::move(unsealed), Access::read_only).ok());
  EXPECT_FALSE(
      SharedMemory::map(base::UniqueFd(open("/dev/null", O_RDWR)), Access::read_only).ok());
}

TEST(SharedMemory, ChecksOffsets) {
  const SharedMemory memory = SharedMemory::create("test", 8192).value();
  EXPECT_EQ(memory.at(0, 8192), memory.data());
  EXPECT_EQ(memory.at(8192, 0), memory.data() + 8192);
  EXPECT_EQ(memory.at(1, 8192), nullptr);
  EXPECT_EQ(memory.at(9000, 0), nullptr);
  EXPECT_EQ(memory.at(4096, ~std::size_t{0}), nullptr);
  EXPECT_FALSE(memory.punch_hole(4096, 8192).ok());
  EXPECT_FALSE(memory.populate(4096, 8192).ok());
  EXPECT_FALSE(memory.protect(4096, 8192, Access::read_only).ok());
}

int status_of_child(void (*touch)(std::byte*), std::byte* memory) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would print a report
    touch(memory);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(SharedMemory, IsNotInheritedByFork) {
  const SharedMemory memory = SharedMemory::create("test", 4096).value();
  const int status = status_of_child([](std::byte* data) { *data = std::byte{1}; }, memory.data());
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) << status;
}

TEST(Fabric, UntouchedMemoryCostsNothing) {
  const Fabric fabric = Fabric::create({}).value();
  struct stat found;
  ASSERT_EQ(fstat(fabric.fd(), &found), 0);
  EXPECT_GT(found.st_size, std::int64_t{1} << 30);
  EXPECT_LE(found.st_blocks * 512, 64 * 1024);
}

TEST(Fabric, EntriesAndRingsLieApartAndInside) {
  const Fabric fabric = Fabric::create(kSmall).value();
  EXPECT_EQ(reinterpret_cast<std::byte*>(fabric.process(1)) -
                reinterpret_cast<std::byte*>(fabric.process(0)),
            256);
  EXPECT_EQ(fabric.process(kSmall.processes), nullptr);
  EXPECT_FALSE(fabric.channel(kSmall.channels).has_value());
  for (const std::uint32_t index : {0u, 1u}) {
    const Channel channel = *fabric.channel(index);
    std::memset(channel.requests.lines, 0xff, 64 * kRequestLineBytes);
    std::memset(channel.replies.lines, 0xff, 64 * kReplyLineBytes);
    for (const RingView& ring : {channel.requests, channel.replies}) {
      EXPECT_EQ(ring.control->tail, 0u);
      EXPECT_EQ(ring.control->claim, 0u);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(ring.control) % 128, 0u);
    }
  }
}

TEST(Fabric, RecordsPassBetweenTwoMappings) {
  const Fabric raylet = Fabric::create(kSmall).value();
  const Fabric client = Fabric::map(duplicate(raylet.fd())).value();
  EXPECT_EQ(client.cores(), raylet.cores());
  RequestProducer producer(raylet.channel(1)->requests);
  RequestConsumer consumer(client.channel(1)->requests);
  ASSERT_TRUE(producer.write(1, 2, 3, {}));
  producer.publish();
  Record record;
  ASSERT_EQ(consumer.take(record), TakeResult::record);
  EXPECT_EQ(record.sequence, 3u);
}

TEST(Fabric, RefusesMemoryThatIsNone) {
  const auto map_with = [](auto change, std::size_t bytes) {
    const SharedMemory memory = SharedMemory::create("forged", bytes).value();
    const Fabric fabric = Fabric::create(kSmall).value();
    std::memcpy(memory.data(), reinterpret_cast<std::byte*>(&fabric.awake()) - 128,
                std::min(bytes, sizeof(FabricHeader)));
    change(*reinterpret_cast<FabricHeader*>(memory.data()));
    return Fabric::map(duplicate(memory.fd())).status();
  };
  const Fabric good = Fabric::create(kSmall).value();
  struct stat found;
  ASSERT_EQ(fstat(good.fd(), &found), 0);
  const auto size = static_cast<std::size_t>(found.st_size);
  EXPECT_TRUE(map_with([](FabricHeader&) {}, size).ok());
  EXPECT_FALSE(map_with([](FabricHeader&) {}, size + 4096).ok());
  EXPECT_FALSE(map_with([](FabricHeader& header) { header.magic = 1; }, size).ok());
  EXPECT_FALSE(map_with([](FabricHeader& header) { header.version = 99; }, size).ok());
  EXPECT_FALSE(map_with([](FabricHeader& header) { header.limits.channels = 1000; }, size).ok());
  EXPECT_FALSE(map_with([](FabricHeader& header) { header.limits.request_lines = 63; }, size).ok());
  EXPECT_FALSE(map_with([](FabricHeader& header) { header.limits.processes = ~0u; }, size).ok());
  const SharedMemory tiny = SharedMemory::create("tiny", 16).value();
  EXPECT_FALSE(Fabric::map(duplicate(tiny.fd())).ok());
}

TEST(FabricAllocator, HandsOutTheLowestAndStopsAtTheLimit) {
  const Fabric fabric = Fabric::create(kSmall).value();
  FabricAllocator allocator(fabric);
  EXPECT_EQ(*allocator.take_channel(), 0u);
  EXPECT_EQ(*allocator.take_channel(), 1u);
  EXPECT_EQ(allocator.take_channel().status().code(), absl::StatusCode::kResourceExhausted);
  ASSERT_TRUE(allocator.give_back_channel(0).ok());
  EXPECT_EQ(*allocator.take_channel(), 0u);
  for (std::uint32_t i = 0; i < kSmall.processes; ++i) EXPECT_EQ(*allocator.take_process(), i);
  EXPECT_FALSE(allocator.take_process().ok());
}

TEST(FabricAllocator, WhatIsGivenBackIsNewAgain) {
  const Fabric fabric = Fabric::create(kSmall).value();
  FabricAllocator allocator(fabric);
  const std::uint32_t channel = allocator.take_channel().value();
  RequestProducer producer(fabric.channel(channel)->requests);
  ASSERT_TRUE(producer.write(1, 2, 3, {}));
  producer.publish();
  ASSERT_TRUE(allocator.give_back_channel(channel).ok());
  EXPECT_FALSE(RequestConsumer(fabric.channel(channel)->requests).readable());

  const std::uint32_t process = allocator.take_process().value();
  ProcessEntry& entry = *fabric.process(process);
  entry.awake = 1;  // killed while awake, and again with its leader asleep
  fabric.awake() = 1;
  entry.bell.state = Bell::kLeader;
  allocator.give_back_process(process);
  EXPECT_EQ(entry.bell.state, Bell::kAwake);
  EXPECT_EQ(fabric.awake(), 0);
}

}  // namespace
}  // namespace ray::ipc
