#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "runtime/object_store/store_client.h"
#include "runtime/object_store/store_host.h"
#include "runtime/object_store/store_loopback.h"

namespace ray::object_store {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kMiB = 1 << 20;

StoreHost::Options small_store(std::uint64_t capacity = 16 * kMiB) {
  return {.capacity = capacity, .populate_bytes_min = 0, .full_wait_ms = 50};
}

base::ObjectId object_of(std::uint64_t owner, std::uint64_t sequence = 1) {
  return {.owner = {owner}, .sequence = sequence, .slot = 0};
}

Location put(StoreClient& client, std::uint64_t bytes, char content, base::ObjectId object) {
  const absl::StatusOr<Extent> extent = client.allocate(bytes);
  CHECK(extent.ok());
  std::memset(extent->data, content, bytes);
  return client.seal(*extent, object);
}

bool consists_of(std::span<const std::byte> bytes, char content) {
  for (const std::byte byte : bytes) {
    if (byte != static_cast<std::byte>(content)) return false;
  }
  return true;
}

TEST(Store, AnotherProcessReadsWhatWasSealed) {
  StoreLoopback store(small_store());
  StoreClient& writer = store.add_client(1);
  StoreClient& reader = store.add_client(2);
  const Location location = put(writer, 100'000, 'x', object_of(1));
  EXPECT_EQ(location.offset % kObjectAlignment, 0u);
  const auto bytes = reader.pin(location);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(bytes->size(), 100'000u);
  EXPECT_TRUE(consists_of(*bytes, 'x'));
  reader.unpin(location);
}

TEST(Store, AnEmptyObjectIsAnObject) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  const Location location = put(client, 0, 'x', object_of(1));
  const auto bytes = client.pin(location);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_TRUE(bytes->empty());
  client.unpin(location);
  client.free(location);
  EXPECT_EQ(store.usage().objects, 0u);
}

TEST(Store, AFreedObjectCannotBePinned) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  const Location location = put(client, 1000, 'x', object_of(1));
  client.free(location);
  EXPECT_EQ(store.usage().objects, 0u);
  EXPECT_TRUE(absl::IsNotFound(client.pin(location).status()));
  put(client, 1000, 'y', object_of(1));  // in the same slot
  EXPECT_TRUE(absl::IsNotFound(client.pin(location).status()));
}

TEST(Store, APinnedObjectSurvivesItsFreeUntilTheLastUnpin) {
  StoreLoopback store(small_store());
  StoreClient& owner = store.add_client(1);
  StoreClient& reader = store.add_client(2);
  const Location location = put(owner, 5 * kMiB, 'x', object_of(1));
  const auto bytes = reader.pin(location);
  ASSERT_TRUE(bytes.ok());
  ASSERT_TRUE(reader.pin(location).ok());
  owner.free(location);
  EXPECT_EQ(store.usage().objects, 1u);
  ASSERT_TRUE(reader.pin(location).ok()) << "it holds the object already";
  EXPECT_TRUE(absl::IsNotFound(owner.pin(location).status()));
  const Location other = put(owner, 5 * kMiB, 'y', object_of(1, 2));
  EXPECT_TRUE(consists_of(*bytes, 'x'));
  owner.free(other);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(store.usage().objects, 1u);
    reader.unpin(location);
  }
  EXPECT_EQ(store.usage().objects, 0u);
}

TEST(Store, MemoryOfAPinnedObjectComesBackUnderPressure) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  const Location location = put(client, 12 * kMiB, 'x', object_of(1));
  ASSERT_TRUE(client.pin(location).ok());
  client.free(location);
  client.unpin(location);
  const absl::StatusOr<Extent> extent = client.allocate(12 * kMiB);
  EXPECT_TRUE(extent.ok()) << extent.status();
}

// "r--s" or "rw-s" as /proc/self/maps has it.
std::string protection_of(const void* address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    std::array<char, 5> flags = {};
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, flags.data()) == 3 &&
        begin <= wanted && wanted < end) {
      return flags.data();
    }
  }
  return "unmapped";
}

TEST(Store, ReadersGetMemoryThatCannotBeWritten) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  const absl::StatusOr<Extent> extent = client.allocate(1000);
  ASSERT_TRUE(extent.ok());
  EXPECT_EQ(protection_of(extent->data), "rw-s");
  const auto bytes = client.pin(client.seal(*extent, object_of(1)));
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(protection_of(bytes->data()), "r--s");
}

TEST(Store, ForgedLocationsAreRefused) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  const Location location = put(client, 1000, 'x', object_of(1));
  const auto forged = [&](auto change) {
    Location copy = location;
    change(copy);
    return client.pin(copy).status();
  };
  EXPECT_TRUE(absl::IsInvalidArgument(forged([](Location& l) { l.slot = ~0u; })));
  EXPECT_TRUE(absl::IsInvalidArgument(forged([](Location& l) { l.offset = 0; })));
  EXPECT_TRUE(absl::IsInvalidArgument(forged([](Location& l) { l.length = ~std::uint64_t{0}; })));
  EXPECT_TRUE(absl::IsInvalidArgument(forged([](Location& l) { l.length += 64; })));
  EXPECT_TRUE(absl::IsInvalidArgument(forged([](Location& l) { l.offset += 64; })));
  EXPECT_TRUE(absl::IsNotFound(forged([](Location& l) { ++l.sequence; })));
  EXPECT_TRUE(absl::IsNotFound(forged([](Location& l) { ++l.slot; })));
  EXPECT_TRUE(client.pin(location).ok());
}

TEST(Store, OnlyTheOwnerFrees) {
  StoreLoopback store(small_store());
  StoreClient& owner = store.add_client(1);
  StoreClient& other = store.add_client(2);
  const Location location = put(owner, 1000, 'x', object_of(1));
  other.free(location);
  EXPECT_EQ(store.usage().objects, 1u);
  EXPECT_EQ(store.usage().rejected, 1u);
  EXPECT_TRUE(owner.pin(location).ok());
}

TEST(Store, AnAbandonedExtentIsUsedAgain) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  const absl::StatusOr<Extent> first = client.allocate(1000);
  ASSERT_TRUE(first.ok());
  client.abandon(*first);
  const absl::StatusOr<Extent> second = client.allocate(1000);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(first->offset, second->offset);
  const absl::StatusOr<Extent> third = client.allocate(1000);
  ASSERT_TRUE(third.ok());
  client.abandon(*second);  // not the last one: it goes back to the host
  client.abandon(*third);
  client.handle(ReclaimArena{});
  EXPECT_EQ(store.usage().free, 16 * kMiB);
}

TEST(Store, TenThousandSmallObjects) {
  StoreLoopback store(small_store(64 * kMiB));
  StoreClient& client = store.add_client(1);
  std::vector<Location> locations;
  for (int i = 0; i < 10'000; ++i) {
    locations.push_back(put(client, 100 + i % 1000, static_cast<char>(i), object_of(1, i)));
  }
  EXPECT_EQ(store.usage().objects, 10'000u);
  for (int i = 0; i < 10'000; ++i) {
    const auto bytes = client.pin(locations[i]);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    ASSERT_TRUE(consists_of(*bytes, static_cast<char>(i)));
    client.unpin(locations[i]);
    client.free(locations[i]);
  }
  EXPECT_EQ(store.usage().objects, 0u);
  client.handle(ReclaimArena{});
  EXPECT_EQ(store.usage().largest_free, 64 * kMiB);
}

TEST(Store, MoreObjectsThanSlotsIsAnErrorAndNotTheEnd) {
  StoreHost::Options options = small_store();
  options.slots = 100;
  StoreLoopback store(options);
  StoreClient& client = store.add_client(1);
  std::vector<Location> locations;
  for (int i = 0; i < 100; ++i) locations.push_back(put(client, 10, 'x', object_of(1, i)));
  EXPECT_TRUE(absl::IsResourceExhausted(client.allocate(10).status()));
  client.free(locations.back());
  EXPECT_TRUE(client.allocate(10).ok());
}

TEST(Store, AnObjectOfOneGibibyte) {
  StoreLoopback store(small_store(1088 * kMiB));
  StoreClient& client = store.add_client(1);
  const absl::StatusOr<Extent> extent = client.allocate(1024 * kMiB);
  ASSERT_TRUE(extent.ok()) << extent.status();
  for (std::uint64_t at = 0; at < extent->length; at += kMiB) {
    extent->data[at] = static_cast<std::byte>(at / kMiB);
  }
  extent->data[extent->length - 1] = std::byte{77};
  const Location location = client.seal(*extent, object_of(1));
  const auto bytes = client.pin(location);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  for (std::uint64_t at = 0; at < bytes->size(); at += kMiB) {
    ASSERT_EQ((*bytes)[at], static_cast<std::byte>(at / kMiB));
  }
  EXPECT_EQ(bytes->back(), std::byte{77});
  client.unpin(location);
  client.free(location);
  client.handle(ReclaimArena{});
  EXPECT_EQ(store.usage().free, 1088 * kMiB);
}

TEST(Store, AFullStoreNamesItsHolders) {
  StoreLoopback store(small_store());
  StoreClient& owner = store.add_client(4711);
  StoreClient& other = store.add_client(4712);
  put(owner, 12 * kMiB, 'x', object_of(4711));
  put(other, kMiB, 'x', object_of(4711, 2));
  ASSERT_TRUE(other.allocate(2 * kMiB).ok());
  const absl::Status status = other.allocate(4 * kMiB).status();
  ASSERT_TRUE(absl::IsResourceExhausted(status)) << status;
  const std::string text(status.message());
  EXPECT_THAT(text,
              HasSubstr("the object store is full: 4.0 MiB wanted, 1.0 MiB of 16.0 MiB free"));
  EXPECT_THAT(text, HasSubstr("after waiting 50 ms"));
  EXPECT_THAT(text,
              HasSubstr("pid 4711: 13.0 MiB (owns 13.0 MiB in 2 objects, the oldest made 0 s"));
  EXPECT_THAT(text, HasSubstr("pid 4712: 2.0 MiB (is filling"));
}

TEST(Store, WhatIsLargerThanTheStoreFailsAtOnce) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  for (const std::uint64_t bytes : {17 * kMiB, ~std::uint64_t{0}}) {
    const absl::Status status = client.allocate(bytes).status();
    ASSERT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("can never fit"));
  }
}

TEST(Store, AWaitingLeaseIsServedByAFree) {
  StoreHost::Options options = small_store();
  options.full_wait_ms = 60'000;
  StoreLoopback store(options);
  StoreClient& owner = store.add_client(1);
  StoreClient& other = store.add_client(2);
  const Location location = put(owner, 14 * kMiB, 'x', object_of(1));
  std::thread waiter([&] { EXPECT_TRUE(other.allocate(10 * kMiB).ok()); });
  while (!store.anybody_waits()) std::this_thread::yield();
  owner.free(location);
  waiter.join();
}

TEST(Store, UnusedRestsOfOthersComeBackWhenTheyAreNeeded) {
  StoreLoopback store(small_store());
  StoreClient& first = store.add_client(1);
  StoreClient& second = store.add_client(2);
  put(first, 1000, 'x', object_of(1));
  EXPECT_EQ(store.usage().leased + store.usage().sealed, kMiB);
  EXPECT_TRUE(second.allocate(16 * kMiB - 1024).ok());
}

TEST(Store, ADeadProcessLosesItsObjectsPinsAndLeases) {
  StoreLoopback store(small_store());
  StoreClient& survivor = store.add_client(1);
  StoreClient& victim = store.add_client(2);
  const Location own = put(victim, kMiB, 'o', object_of(2));
  const Location result = put(victim, kMiB, 'r', object_of(1));
  const Location argument = put(survivor, kMiB, 'a', object_of(1, 2));
  ASSERT_TRUE(victim.pin(argument).ok());
  ASSERT_TRUE(victim.allocate(kMiB).ok());
  survivor.free(argument);
  EXPECT_EQ(store.usage().objects, 3u);
  store.remove_client(2);
  EXPECT_EQ(store.usage().objects, 1u);
  EXPECT_TRUE(absl::IsNotFound(survivor.pin(own).status()));
  EXPECT_TRUE(absl::IsNotFound(survivor.pin(argument).status()));
  const auto bytes = survivor.pin(result);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_TRUE(consists_of(*bytes, 'r'));
  survivor.unpin(result);
  survivor.free(result);
  survivor.handle(ReclaimArena{});
  EXPECT_EQ(store.usage().free, 16 * kMiB);
}

TEST(Store, ADeadOwnersObjectLivesAsLongAsItIsRead) {
  StoreLoopback store(small_store());
  StoreClient& reader = store.add_client(1);
  StoreClient& owner = store.add_client(2);
  const Location location = put(owner, kMiB, 'o', object_of(2));
  const auto bytes = reader.pin(location);
  ASSERT_TRUE(bytes.ok());
  store.remove_client(2);
  EXPECT_EQ(store.usage().objects, 1u);
  EXPECT_TRUE(consists_of(*bytes, 'o'));
  reader.unpin(location);
  EXPECT_EQ(store.usage().objects, 0u);
}

TEST(Store, WhatIsSealedForADeadOwnerIsFreedAtOnce) {
  StoreLoopback store(small_store());
  StoreClient& worker = store.add_client(1);
  store.add_client(2);
  store.remove_client(2);
  put(worker, kMiB, 'r', object_of(2));
  EXPECT_EQ(store.usage().objects, 0u);
}

TEST(Store, ANewProcessDoesNotInheritADeadOnesPins) {
  StoreLoopback store(small_store());
  StoreClient& owner = store.add_client(1);
  const Location location = put(owner, kMiB, 'x', object_of(1));
  ASSERT_TRUE(store.add_client(2).pin(location).ok());
  store.remove_client(2);
  store.add_client(3);
  owner.free(location);
  EXPECT_EQ(store.usage().objects, 0u);
}

TEST(Store, AnOwnerDisclaimsWhatADeadWorkerNeverAnnounced) {
  StoreLoopback store(small_store());
  StoreClient& owner = store.add_client(1);
  StoreClient& worker = store.add_client(2);
  put(worker, kMiB, 'l', object_of(1, 10));
  const Location known = put(worker, kMiB, 'k', object_of(1, 11));
  put(owner, kMiB, 'o', object_of(1, 12));
  store.remove_client(2);
  owner.disclaim({2}, {object_of(1, 10), object_of(1, 12)});
  EXPECT_EQ(store.usage().objects, 2u) << "the owner made object 12 itself";
  EXPECT_TRUE(owner.pin(known).ok());
}

TEST(Store, AClientThatClaimsWhatItWasNotLeasedIsRefused) {
  StoreLoopback store(small_store());
  StoreClient& client = store.add_client(1);
  put(client, 1000, 'x', object_of(1));
  StoreHost& host = store.host();
  const std::uint64_t free = host.usage().free;
  const auto tell = [&](const ClientMessage& message) {
    EXPECT_TRUE(host.handle({1}, message, 0).empty());
  };
  tell(ReturnArena{.offset = 0, .length = 64, .slots = {}});
  tell(ReturnArena{.offset = ~std::uint64_t{0} - 63, .length = 128, .slots = {~0u}});
  tell(FreeObjects{.objects = {{.slot = ~0u, .sequence = 1, .offset = 0, .length = 0}}});
  tell(ObjectSealed{.slot = ~0u, .sequence = 0});
  EXPECT_EQ(host.usage().rejected, 3u);
  EXPECT_EQ(host.usage().free, free);
  EXPECT_EQ(host.usage().objects, 1u);
}

TEST(Store, PopulatesAheadOfUse) {
  StoreHost::Options options = small_store(64 * kMiB);
  options.populate_bytes_min = 4 * kMiB;
  StoreLoopback store(options);
  const auto wait_for = [&](std::uint64_t bytes) {
    for (int i = 0; i < 60'000 && store.usage().populated < bytes; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return store.usage().populated;
  };
  EXPECT_GE(wait_for(4 * kMiB), 4 * kMiB);
  StoreClient& client = store.add_client(1);
  const Location location = put(client, 8 * kMiB, 'x', object_of(1));
  EXPECT_GE(wait_for(12 * kMiB), 12 * kMiB);
  client.free(location);
}

TEST(Store, EndsWhileItPopulates) {
  StoreHost::Options options = small_store(4096 * kMiB);
  options.populate_bytes_min = 4096 * kMiB;
  StoreLoopback store(options);
  EXPECT_LT(store.usage().populated, 4096 * kMiB);
}

// The owner frees while a reader pins: whoever got a pin must see the object unchanged, although
// its memory is wanted for the next one at once.
TEST(StoreThreads, APinnedObjectIsNeverOverwritten) {
  StoreLoopback store(small_store(2 * kMiB));
  StoreClient& owner = store.add_client(1);
  StoreClient& reader = store.add_client(2);
  constexpr int kRounds = 20'000;
  struct Published {
    std::atomic<std::uint32_t> slot{0};
    std::atomic<std::uint64_t> sequence{0}, offset{0}, length{0};
    std::atomic<int> round{-1};
  } published;
  std::atomic<bool> done{false};
  std::thread reading([&] {
    std::uint64_t pinned = 0;
    while (!done) {
      const int round = published.round.load(std::memory_order_acquire);
      if (round < 0) continue;
      const Location location{published.slot, published.sequence, published.offset,
                              published.length};
      if (published.round.load() != round) continue;
      const auto bytes = reader.pin(location);
      if (!bytes.ok()) continue;
      ++pinned;
      EXPECT_TRUE(consists_of(*bytes, static_cast<char>(round)));
      reader.unpin(location);
    }
    EXPECT_GT(pinned, 0u);
  });
  for (int round = 0; round < kRounds; ++round) {
    const Location location = put(owner, 300, static_cast<char>(round), object_of(1, round));
    published.round.store(-1);
    published.slot = location.slot;
    published.sequence = location.sequence;
    published.offset = location.offset;
    published.length = location.length;
    published.round.store(round, std::memory_order_release);
    if (round % 16 == 0) std::this_thread::yield();
    owner.free(location);
  }
  done = true;
  reading.join();
  EXPECT_EQ(store.usage().objects, 0u);
}

TEST(StoreThreads, SeveralThreadsShareOneClient) {
  StoreLoopback store(small_store(64 * kMiB));
  StoreClient& client = store.add_client(1);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        const std::uint64_t bytes = i % 50 == 0 ? 600'000 : 50 + 40 * i;
        const Location location = put(client, bytes, static_cast<char>(t), object_of(1, i));
        const auto pinned = client.pin(location);
        ASSERT_TRUE(pinned.ok()) << pinned.status();
        EXPECT_TRUE(consists_of(*pinned, static_cast<char>(t)));
        client.unpin(location);
        client.free(location);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  client.handle(ReclaimArena{});
  EXPECT_EQ(store.usage().objects, 0u);
  EXPECT_EQ(store.usage().free, 64 * kMiB);
  EXPECT_EQ(store.usage().rejected, 0u);
}

}  // namespace
}  // namespace ray::object_store
