#include "runtime/ipc/waiter.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace ray::ipc {
namespace {

constexpr std::int64_t kNeverNs = 30'000'000'000;  // a wait that reaches it has lost its wake-up

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr std::uint32_t kRounds = 5'000;
#else
constexpr std::uint32_t kRounds = 50'000;
#endif

// Waits as long as it takes: a bell without a cause (of a producer that saw the sleeper of a moment
// ago) ends a wait early, and is no lost wake-up. False where a wait timed out.
template <class Consumer>
bool wait_for_record(Waiter& waiter, Consumer& in, const ProcessEntry* peer = nullptr) {
  const auto readable = [&] { return in.readable(); };
  const auto arm = [&] { in.set_event(); };
  while (!waiter.wait(readable, arm, kNeverNs, peer)) {
    if (waiter.counts().timed_out != 0) return false;
  }
  return true;
}

class WaiterTest : public testing::Test {
 protected:
  Fabric fabric_ = Fabric::create({.processes = 2, .channels = 1}).value();
  ProcessEntry& self_ = *fabric_.process(0);
  ProcessEntry& peer_ = *fabric_.process(1);
  Channel channel_ = *fabric_.channel(0);

  // As if many others were awake on the node, so that spinning does not pay.
  void crowd() { fabric_.awake().fetch_add(1000); }
};

TEST_F(WaiterTest, CountsItsProcessAsAwakeExceptAsleep) {
  EXPECT_EQ(fabric_.awake(), 0);
  {
    Waiter waiter(fabric_, self_);
    EXPECT_EQ(fabric_.awake(), 1);
    std::int32_t awake_before_sleep = 0;
    EXPECT_FALSE(waiter.wait([] { return false; }, [&] { awake_before_sleep = fabric_.awake(); },
                             1'000'000));
    EXPECT_EQ(awake_before_sleep, 1);
    EXPECT_EQ(fabric_.awake(), 1);
    EXPECT_EQ(waiter.counts().slept, 1u);
    EXPECT_EQ(waiter.counts().timed_out, 1u);
    EXPECT_EQ(self_.bell.state, Bell::kAwake);
  }
  EXPECT_EQ(fabric_.awake(), 0);
}

TEST_F(WaiterTest, DoesNothingWhereSomethingIsReady) {
  Waiter waiter(fabric_, self_);
  EXPECT_TRUE(waiter.wait([] { return true; }, [] { FAIL(); }, kNeverNs));
  EXPECT_EQ(waiter.counts().ready_at_once, 1u);
}

TEST_F(WaiterTest, SpinsBeforeItSleeps) {
  Waiter waiter(fabric_, self_);
  int looks = 0;
  EXPECT_TRUE(waiter.wait([&] { return ++looks == 10; }, [] { FAIL(); }, kNeverNs));
  EXPECT_EQ(waiter.counts().spun, 1u);
}

TEST_F(WaiterTest, DoesNotSpinAmongMoreAwakeProcessesThanCores) {
  crowd();
  Waiter waiter(fabric_, self_);
  int looks = 0;
  EXPECT_TRUE(waiter.wait([&] { return ++looks == 3; }, [] {}, kNeverNs));
  EXPECT_EQ(waiter.counts().spun, 0u);
}

TEST_F(WaiterTest, DoesNotSpinForAPeerOnTheSameCore) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  const int cpu = sched_getcpu();
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  peer_.cpu = static_cast<std::uint32_t>(cpu + 1);
  {
    Waiter waiter(fabric_, self_);
    int looks = 0;
    EXPECT_TRUE(waiter.wait([&] { return ++looks == 3; }, [] {}, kNeverNs, &peer_));
    EXPECT_EQ(waiter.counts().spun, 0u);
    EXPECT_EQ(self_.cpu, peer_.cpu);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
}

TEST_F(WaiterTest, LooksAgainAfterItHasSaidThatItSleeps) {
  crowd();
  Waiter waiter(fabric_, self_);
  // Becomes ready between the last look of yielding and the futex: no bell rings for that.
  EXPECT_TRUE(waiter.wait([&] { return self_.bell.state == Bell::kLeader; }, [] {}, kNeverNs));
  EXPECT_EQ(waiter.counts().slept, 0u);
  EXPECT_EQ(self_.bell.state, Bell::kAwake);
}

// Two threads as two processes, one record at a time each way, asleep nearly always. A lost wake-up
// is a wait that times out.
TEST_F(WaiterTest, PingPongAmongManyLosesNoWakeUp) {
  crowd();
  std::jthread echo([&] {
    RequestConsumer in(channel_.requests);
    ReplyProducer out(channel_.replies);
    Waiter waiter(fabric_, peer_);
    for (std::uint32_t i = 0; i < kRounds; ++i) {
      ASSERT_TRUE(wait_for_record(waiter, in)) << "round " << i;
      Record record;
      ASSERT_EQ(in.take(record), TakeResult::record);
      in.release();
      ASSERT_TRUE(out.write(1, record.tag, record.sequence, record.payload));
      out.publish();
      ring_if_wanted(self_.bell, out);
    }
  });
  RequestProducer out(channel_.requests);
  ReplyConsumer in(channel_.replies);
  Waiter waiter(fabric_, self_);
  for (std::uint32_t i = 0; i < kRounds; ++i) {
    ASSERT_TRUE(out.write(1, i, i, {}));
    out.publish();
    ring(peer_.bell);
    ASSERT_TRUE(wait_for_record(waiter, in, &peer_)) << "round " << i;
    Record record;
    ASSERT_EQ(in.take(record), TakeResult::record);
    ASSERT_EQ(record.tag, i);
    in.release();
  }
  EXPECT_GT(waiter.counts().slept, 0u);
}

// The two sides at the same instant, again and again: either the producer sees the sleeper, or the
// sleeper sees the record.
TEST_F(WaiterTest, PublishAndSleepNeverMissEachOther) {
  std::atomic<std::uint32_t> producer_round{0};
  std::atomic<std::uint32_t> sleeper_round{0};
  const auto meet = [](std::atomic<std::uint32_t>& own, const std::atomic<std::uint32_t>& other) {
    const std::uint32_t round = own.fetch_add(1) + 1;
    for (int looks = 0; other.load() < round; ++looks) {
      if (looks > 1000) std::this_thread::yield();
    }
  };
  // Varies which side is first, and by how much. The reads put the other side's line into the own
  // cache, where a load without a fence would find it, overtaking the store before it.
  const auto delay = [&](std::uint32_t steps) {
    for (std::uint32_t i = 0; i < steps; ++i) {
      self_.bell.state.load(std::memory_order_relaxed);
      channel_.replies.control->tail.load(std::memory_order_relaxed);
    }
  };
  std::vector<bool> rang(kRounds);
  std::vector<bool> saw(kRounds);
  std::thread sleeper([&] {
    ReplyConsumer in(channel_.replies);
    for (std::uint32_t i = 0; i < kRounds; ++i) {
      meet(sleeper_round, producer_round);
      delay(i * 11 % 256);
      self_.bell.state.store(Bell::kLeader, std::memory_order_seq_cst);
      saw[i] = in.readable();
      meet(sleeper_round, producer_round);
      Record record;
      EXPECT_EQ(in.take(record), TakeResult::record);
      in.release();
      self_.bell.state.store(Bell::kAwake);
    }
  });
  ReplyProducer out(channel_.replies);
  for (std::uint32_t i = 0; i < kRounds; ++i) {
    EXPECT_TRUE(out.write(1, i, i, {}));
    meet(producer_round, sleeper_round);
    delay(i * 7 % 256);
    out.publish();
    rang[i] = ring(self_.bell);
    meet(producer_round, sleeper_round);
  }
  sleeper.join();
  for (std::uint32_t i = 0; i < kRounds; ++i) ASSERT_TRUE(rang[i] || saw[i]) << "round " << i;
}

// A sleeper that waits for many records is woken once for them, not once for each.
TEST_F(WaiterTest, EventIndexSparesWakeUps) {
  constexpr std::uint32_t kBatch = 64;
  crowd();
  ReplyConsumer in(channel_.replies);
  Waiter waiter(fabric_, self_);
  for (std::uint32_t batch = 0; batch < 100; ++batch) {
    std::uint32_t rung = 0;
    std::thread producer([&] {
      ReplyProducer out(channel_.replies);
      while (self_.bell.state != Bell::kLeader) sched_yield();
      for (std::uint32_t i = 0; i < kBatch; ++i) {
        ASSERT_TRUE(out.write(1, i, i, {}));
        out.publish();
        rung += ring_if_wanted(self_.bell, out) ? 1 : 0;
      }
    });
    std::uint32_t taken = 0;
    while (taken < kBatch) {
      waiter.wait([&] { return in.readable(); }, [&] { in.set_event(kBatch - taken); }, kNeverNs);
      Record record;
      while (in.take(record) == TakeResult::record) ++taken;
      in.release();
    }
    producer.join();
    EXPECT_LE(rung, 1u);
  }
  EXPECT_EQ(waiter.counts().timed_out, 0u);
}

TEST_F(WaiterTest, BackgroundThreadIsCalledWhereNobodyLeads) {
  constexpr std::uint32_t kCalls = 2'000;
  std::atomic<std::uint32_t> published{0};
  std::uint32_t seen = 0;
  std::uint32_t timed_out = 0;
  std::thread background([&] {
    while (seen < kCalls) {
      hand_to_background(self_.bell);
      if (published.load() != seen) call_background(self_.bell);
      if (!wait_in_background(self_.bell, kNeverNs)) ++timed_out;
      seen = published.load();
    }
  });
  for (std::uint32_t i = 0; i < kCalls; ++i) {
    published.fetch_add(1);
    ring(self_.bell);
    if (i % 16 == 0) std::this_thread::yield();
  }
  background.join();
  EXPECT_EQ(timed_out, 0u);
}

}  // namespace
}  // namespace ray::ipc
