// Streams of generators: items, their end, and what becomes of them when somebody dies.
#include <optional>
#include <vector>

#include "runtime/core_worker/engine_fixture.h"

namespace ray::core_worker {
namespace {

class NativeStreamTest : public NativeEngineTest {
 protected:
  // Closed by the test, or by the end of it.
  ObjectCell* open(FunctionRecord& function, int argument, int window = 4) {
    internal::CallOptions options;
    options.generator_backpressure = window;
    stream_ = submit(*driver_, function, bytes_of(argument), {}, {}, nullptr, &options);
    return stream_;
  }
  void close() {
    if (stream_ == nullptr) return;
    driver_->close_stream(*stream_);
    internal::drop(std::exchange(stream_, nullptr));
  }
  void TearDown() override {
    open_gate(true);
    close();
    NativeEngineTest::TearDown();
  }
  ObjectCell* next() {
    ObjectCell* item = driver_->next_item(*stream_, std::nullopt);
    return item == nullptr ? nullptr : keep(item);
  }
  std::vector<int> rest() {
    std::vector<int> values;
    while (ObjectCell* item = next()) values.push_back(get(item));
    return values;
  }

  ObjectCell* stream_ = nullptr;
};

TEST_F(NativeStreamTest, ItemsComeInOrderAndEnd) {
  open(yield_ints, 100);
  const std::vector<int> values = rest();
  ASSERT_EQ(values.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(next(), nullptr);
  close();
  open(yield_ints, 0);
  EXPECT_EQ(next(), nullptr);
}

TEST_F(NativeStreamTest, AnItemIsThereBeforeTheNextIsYielded) {
  open(yield_gated, 0);
  EXPECT_EQ(get(next()), 0);
  eventually([] { return at_gate.load() == 1; });
  EXPECT_THROW(driver_->next_item(*stream_, std::chrono::steady_clock::now() + 20ms),
               GetTimeoutError);
  open_gate(true);
  EXPECT_EQ(rest(), std::vector<int>{1});
}

TEST_F(NativeStreamTest, AnErrorIsTheLastItem) {
  open(yield_fails, 2);
  EXPECT_EQ(get(next()), 0);
  EXPECT_EQ(get(next()), 1);
  ObjectCell* error = next();
  ASSERT_NE(error, nullptr);
  EXPECT_THROW(get(error), std::out_of_range);
  EXPECT_EQ(next(), nullptr);
}

TEST_F(NativeStreamTest, LargeItemsTravelThroughTheStoreAndAreFreed) {
  open(yield_bytes, 200'000);
  ObjectCell* first = next();
  EXPECT_EQ(get(call(sum_bytes, std::span<const std::byte>(), std::vector{first})), 200'000);
  eventually([&] { return raylet_->stored_objects() == 3; });
  close();  // with two that nobody took
  forget_all();
  eventually([&] { return raylet_->stored_objects() == 0; });
}

// Each takes more than a third of the ring, which is full whenever the owner does not look.
TEST_F(NativeStreamTest, ItemsThatFindNoRoomInTheRingGoOutOnceThereIsSome) {
  open(yield_many, 90'000, 64);
  int count = 0;
  while (ObjectCell* item = driver_->next_item(*stream_, std::nullopt)) {
    EXPECT_EQ(driver_->get(*item, std::nullopt).bytes.size(), 90'000u);
    internal::drop(item);
    ++count;
  }
  EXPECT_EQ(count, 500);
}

TEST_F(NativeStreamTest, RefsInsideItemsAreHeldAndOutliveTheGenerator) {
  open(yield_refs, 0);
  std::vector<ObjectCell*> inner;
  while (ObjectCell* item = next()) {
    const internal::Value value = driver_->get(*item, std::nullopt);
    ASSERT_EQ(value.nested.size(), 1u);
    internal::acquire(value.nested[0]);
    inner.push_back(keep(value.nested[0]));
  }
  ASSERT_EQ(inner.size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(inner[static_cast<std::size_t>(i)]), i + 1);
}

TEST_F(NativeStreamTest, AGeneratorIsHeldBackAndEndsWithItsStream) {
  open(yield_ints, -1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get(next()), i);
  EXPECT_LE(yielded, 14);
  EXPECT_EQ(generators_ended, 0);
  close();
  eventually([] { return generators_ended.load() == 1; });
  EXPECT_LE(yielded, 14);
}

TEST_F(NativeStreamTest, AStreamThatIsDroppedAtOnceEndsItsGenerator) {
  for (int i = 0; i < 20; ++i) {
    open(yield_ints, -1);
    close();
  }
  open(yield_ints, 1);
  EXPECT_EQ(rest(), std::vector<int>{0});
}

TEST_F(NativeStreamTest, WhatARunAfterADeathYieldsAgainComesOnce) {
  open(yield_gated, 0);
  EXPECT_EQ(get(next()), 0);
  eventually([] { return at_gate.load() == 1; });
  raylet_->declare_a_worker_dead("was struck by lightning");
  eventually([] { return at_gate.load() == 2; });
  open_gate(true);
  EXPECT_EQ(rest(), std::vector<int>{1});
}

TEST_F(NativeStreamTest, ARunAfterADeathIsToldWhatWasTaken) {
  open(yield_ints, 30, 2);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(get(next()), i);
  raylet_->declare_a_worker_dead("was struck by lightning");
  std::vector<int> values = rest();
  ASSERT_EQ(values.size(), 10u);
  EXPECT_EQ(values.front(), 20);
  EXPECT_EQ(values.back(), 29);
}

TEST_F(NativeStreamTest, ItemsInTheStoreOutliveTheWorkerThatMadeThem) {
  open(yield_many, 200'000, 2);
  std::vector<ObjectCell*> taken = {next(), next(), next()};
  raylet_->declare_a_worker_dead("was struck by lightning");
  taken.push_back(next());
  taken.push_back(next());
  for (ObjectCell* item : taken) {
    EXPECT_EQ(driver_->get(*item, std::nullopt).bytes.size(), 200'000u);
  }
  close();
  forget_all();
  eventually([&] { return raylet_->stored_objects() == 0; });
}

TEST_F(NativeStreamTest, WithoutRetriesADeathIsTheLastItem) {
  internal::CallOptions options;
  options.max_retries = 0;
  stream_ = submit(*driver_, yield_gated, bytes_of(0), {}, {}, nullptr, &options);
  EXPECT_EQ(get(next()), 0);
  eventually([] { return at_gate.load() == 1; });
  raylet_->declare_a_worker_dead("was struck by lightning");
  ObjectCell* error = next();
  ASSERT_NE(error, nullptr);
  EXPECT_THROW(get(error), WorkerCrashedError);
  EXPECT_EQ(next(), nullptr);
}

}  // namespace
}  // namespace ray::core_worker
