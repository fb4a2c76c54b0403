#include "runtime/ipc/record_ring.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "runtime/ipc/record_pattern.h"

namespace ray::ipc {
namespace {

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr std::uint32_t kRecords = 200'000;
#else
constexpr std::uint32_t kRecords = 2'000'000;
#endif

// A ring in private memory.
class TestRing {
 public:
  TestRing(std::uint32_t capacity, std::uint32_t line_bytes)
      : lines_(
            static_cast<std::byte*>(::operator new(capacity * line_bytes, std::align_val_t{64}))),
        capacity_(capacity) {
    std::memset(lines_.get(), 0, capacity * line_bytes);
  }
  RingView view() { return {&control_, lines_.get(), capacity_}; }
  RingControl& control() { return control_; }

 private:
  struct Delete {
    void operator()(std::byte* memory) const { ::operator delete(memory, std::align_val_t{64}); }
  };
  RingControl control_{};
  std::unique_ptr<std::byte, Delete> lines_;
  std::uint32_t capacity_;
};

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}
std::string text_of(const Record& record) {
  return {reinterpret_cast<const char*>(record.payload.data()), record.payload.size()};
}

class RequestRing : public testing::Test {
 protected:
  static constexpr std::uint32_t kCapacity = 64;

  TestRing ring_{kCapacity, kRequestLineBytes};
  RequestProducer producer_{ring_.view()};
  RequestConsumer consumer_{ring_.view()};
  Record record_;

  bool put(std::uint64_t sequence, std::string_view text = "") {
    const bool put = producer_.write(1, 2, sequence, bytes_of(text));
    producer_.publish();
    return put;
  }
  TakeResult take() { return consumer_.take(record_); }
};

TEST_F(RequestRing, IsEmptyWhenAllZero) {
  EXPECT_FALSE(consumer_.readable());
  EXPECT_EQ(take(), TakeResult::empty);
}

TEST_F(RequestRing, RecordComesWithHeaderAndPayload) {
  ASSERT_TRUE(producer_.write(7, 8, 9, bytes_of("payload")));
  EXPECT_FALSE(consumer_.readable()) << "before publish";
  EXPECT_TRUE(producer_.has_unpublished());
  producer_.publish();
  EXPECT_TRUE(consumer_.readable());
  ASSERT_EQ(take(), TakeResult::record);
  EXPECT_EQ(record_.kind, 7);
  EXPECT_EQ(record_.tag, 8u);
  EXPECT_EQ(record_.sequence, 9u);
  EXPECT_EQ(text_of(record_), "payload");
  EXPECT_EQ(take(), TakeResult::empty);
}

TEST_F(RequestRing, SmallRecordTakesOneLineAndALongerOneMore) {
  const std::string inline_most(kRequestLineBytes - kRecordHeaderBytes, 'x');
  ASSERT_TRUE(put(1, inline_most));
  EXPECT_EQ(ring_.control().tail, 1u);
  ASSERT_TRUE(put(2, inline_most + 'y'));
  EXPECT_EQ(ring_.control().tail, 3u);
}

TEST_F(RequestRing, FullUntilReleased) {
  for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(put(i));
  EXPECT_FALSE(producer_.has_room(0));
  EXPECT_FALSE(put(99));
  ASSERT_EQ(take(), TakeResult::record);
  EXPECT_FALSE(put(99)) << "taken, but its payload may still be read";
  consumer_.release();
  EXPECT_TRUE(put(99));
}

TEST_F(RequestRing, LongestRecordFitsWhereverTheRingStands) {
  const std::string longest(producer_.payload_bytes_max(), 'l');
  for (std::uint32_t start = 0; start < 2 * kCapacity; ++start) {
    ASSERT_TRUE(put(start, longest)) << start;
    ASSERT_EQ(take(), TakeResult::record);
    EXPECT_EQ(text_of(record_), longest);
    ASSERT_TRUE(put(start, "one line, so that the next round starts elsewhere"));
    ASSERT_EQ(take(), TakeResult::record);
    consumer_.release();
  }
}

TEST_F(RequestRing, PositionsMayWrapAt32Bits) {
  const std::uint32_t start = 0u - 5;
  ring_.control().tail = start;
  ring_.control().head = start;
  ring_.control().claim = start;
  RequestProducer producer(ring_.view());
  RequestConsumer consumer(ring_.view());
  for (std::uint64_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(producer.write(1, 2, i, bytes_of("text")));
    ASSERT_TRUE(producer.write(1, 2, i + 100, bytes_of("more")));
    producer.publish();
    if (i == 3) {
      EXPECT_EQ(producer.revoke([](const RecordHeader&) { return true; }), 2u);
      EXPECT_EQ(consumer.take(record_), TakeResult::empty);
      continue;
    }
    ASSERT_EQ(consumer.take(record_), TakeResult::record);
    EXPECT_EQ(record_.sequence, i);
    ASSERT_EQ(consumer.take(record_), TakeResult::record);
    EXPECT_EQ(record_.sequence, i + 100);
    consumer.release();
  }
}

TEST_F(RequestRing, WantedOnceTheEventIndexIsReached) {
  consumer_.set_event(3);
  ASSERT_TRUE(put(1));
  EXPECT_FALSE(producer_.wanted());
  ASSERT_TRUE(put(2));
  EXPECT_FALSE(producer_.wanted());
  ASSERT_TRUE(put(3));
  EXPECT_TRUE(producer_.wanted());
  ASSERT_TRUE(put(4));
  EXPECT_TRUE(producer_.wanted());
}

TEST_F(RequestRing, RevokeTakesBackOnlyWhatIsNotClaimed) {
  for (std::uint64_t i = 0; i < 6; ++i) ASSERT_TRUE(put(i, std::string(i * 40, 'x')));
  ASSERT_EQ(take(), TakeResult::record);
  ASSERT_EQ(take(), TakeResult::record);
  std::vector<std::uint64_t> offered;
  EXPECT_EQ(producer_.revoke([&](const RecordHeader& header) {
    offered.push_back(header.sequence);
    return header.sequence != 4;
  }),
            3u);
  EXPECT_EQ(offered, (std::vector<std::uint64_t>{2, 3, 4, 5}));
  ASSERT_EQ(take(), TakeResult::record);
  EXPECT_EQ(record_.sequence, 4u);
  EXPECT_EQ(take(), TakeResult::empty);
}

TEST_F(RequestRing, LinesOfRevokedRecordsAreFreeOnceTheConsumerHasPassed) {
  for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(put(i));
  EXPECT_EQ(producer_.revoke([](const RecordHeader&) { return true; }), kCapacity);
  EXPECT_FALSE(put(1));
  EXPECT_EQ(take(), TakeResult::empty);
  EXPECT_TRUE(put(1));
}

// A consumer that read a header before a revocation must fail to claim it after one.
TEST_F(RequestRing, RevocationLeavesAnotherClaimWordBehind) {
  ASSERT_TRUE(put(1));
  const std::uint64_t before = ring_.control().claim;
  producer_.revoke([](const RecordHeader&) { return true; });
  EXPECT_NE(ring_.control().claim, before);
}

TEST_F(RequestRing, StoppedConsumerSeesAnEmptyRing) {
  ASSERT_TRUE(put(1));
  EXPECT_EQ(producer_.revoke([&](const RecordHeader&) {
    EXPECT_FALSE(consumer_.readable());
    EXPECT_EQ(take(), TakeResult::empty);
    return false;
  }),
            0u);
  EXPECT_TRUE(consumer_.readable());
  EXPECT_EQ(take(), TakeResult::record);
}

TEST_F(RequestRing, NonsenseFromTheProducerIsBroken) {
  ASSERT_TRUE(put(1));
  store_header(ring_.view().lines, {.kind = 1, .size = 1000});
  EXPECT_EQ(take(), TakeResult::broken) << "longer than what was published";

  ring_.control().tail = 1'000'000;
  RequestConsumer other(ring_.view());
  store_header(ring_.view().lines, {.kind = 1, .size = 10});
  EXPECT_EQ(other.take(record_), TakeResult::broken) << "tail ahead by more than the ring";
}

TEST_F(RequestRing, RecordReachingOverTheEndIsBroken) {
  for (std::uint32_t i = 0; i < kCapacity - 1; ++i) {
    ASSERT_TRUE(put(i));
    ASSERT_EQ(take(), TakeResult::record);
  }
  consumer_.release();
  ASSERT_TRUE(put(1));
  ASSERT_TRUE(put(2));
  store_header(ring_.view().lines + (kCapacity - 1) * kRequestLineBytes, {.kind = 1, .size = 100});
  EXPECT_EQ(take(), TakeResult::broken);
}

TEST_F(RequestRing, NonsenseFromTheConsumerIsAFullRing) {
  for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(put(i));
  ring_.control().head = 1'000'000;
  EXPECT_FALSE(put(1));
  ring_.control().claim = 1'000'000;
  EXPECT_EQ(producer_.revoke([](const RecordHeader&) { return true; }), 0u);
}

template <class Producer, class Consumer>
void stream_between_threads(TestRing& ring, unsigned seed) {
  std::thread writer([&] {
    Producer producer(ring.view());
    RecordPattern pattern(seed, producer.payload_bytes_max());
    for (std::uint32_t i = 0; i < kRecords; ++i) {
      const auto payload = pattern.next(i);
      while (!producer.write(1, i, i, payload)) {
        producer.publish();
        sched_yield();
      }
      if (i % 3 == 0) producer.publish();
    }
    producer.publish();
  });
  Consumer consumer(ring.view());
  RecordPattern pattern(seed, Producer(ring.view()).payload_bytes_max());
  std::uint32_t taken = 0;
  std::uint32_t wrong = 0;
  for (Record record; taken < kRecords;) {
    if (consumer.take(record) != TakeResult::record) {
      sched_yield();
      continue;
    }
    const auto expected = pattern.next(taken);
    if (record.kind != 1 || record.tag != taken || record.sequence != taken ||
        !std::ranges::equal(record.payload, expected)) {
      ++wrong;
    }
    consumer.release();
    ++taken;
  }
  writer.join();
  EXPECT_EQ(wrong, 0u);
  Record record;
  EXPECT_EQ(consumer.take(record), TakeResult::empty);
}

TEST(RecordRingStress, RequestsBetweenThreadsArriveWholeAndInOrder) {
  const unsigned seed = print_seed();
  for (const std::uint32_t capacity : {64u, 4096u}) {
    TestRing ring(capacity, kRequestLineBytes);
    stream_between_threads<RequestProducer, RequestConsumer>(ring, seed);
  }
}

TEST(RecordRingStress, RepliesBetweenThreadsArriveWholeAndInOrder) {
  TestRing ring(8192, kReplyLineBytes);
  stream_between_threads<ReplyProducer, ReplyConsumer>(ring, print_seed());
}

// The consumer takes while the producer takes back: each record is seen exactly once by one of
// them.
TEST(RecordRingStress, RevokingWhileClaimingLosesNothingAndRepeatsNothing) {
  const unsigned seed = print_seed();
  TestRing ring(256, kRequestLineBytes);
  std::vector<std::uint8_t> seen(kRecords);
  std::atomic<std::uint32_t> total{0};
  std::atomic<bool> stop{false};
  std::atomic<int> broken{0};
  std::thread worker([&] {
    RequestConsumer consumer(ring.view());
    for (Record record; !stop.load(std::memory_order_acquire);) {
      const TakeResult result = consumer.take(record);
      if (result == TakeResult::broken) ++broken;
      if (result != TakeResult::record) {
        sched_yield();
        continue;
      }
      ++seen[record.tag];
      consumer.release();
      total.fetch_add(1, std::memory_order_release);
    }
  });

  RequestProducer producer(ring.view());
  std::mt19937 random(seed);
  std::deque<std::uint32_t> taken_back;
  std::uint32_t next = 0;
  std::uint64_t revoked = 0;
  const std::string payload(300, 'p');
  while (next < kRecords || !taken_back.empty()) {
    const std::uint32_t tag = taken_back.empty() ? next : taken_back.front();
    const auto length = random() % 8 == 0 ? random() % payload.size() : 0;
    if (producer.write(1, tag, tag, bytes_of(payload).first(length))) {
      if (taken_back.empty()) {
        ++next;
      } else {
        taken_back.pop_front();
      }
    } else {
      sched_yield();
    }
    producer.publish();
    if (random() % 64 == 0) {
      revoked += producer.revoke([&](const RecordHeader& header) {
        if (random() % 2 == 0) return false;
        taken_back.push_back(header.tag);
        return true;
      });
    }
  }
  while (total.load(std::memory_order_acquire) < kRecords && broken == 0) sched_yield();
  stop.store(true, std::memory_order_release);
  worker.join();
  EXPECT_EQ(broken, 0);
  EXPECT_GT(revoked, 0u);
  EXPECT_EQ(total, kRecords);
  EXPECT_EQ(std::ranges::count(seen, 1), kRecords);
}

}  // namespace
}  // namespace ray::ipc
