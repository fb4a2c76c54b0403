#include "runtime/ownership/item_stream.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <deque>
#include <random>
#include <vector>

namespace ray::ownership {
namespace {

// References are never looked into: these tell items apart.
Reference* item_of(std::uint64_t index) {
  static std::array<std::byte, 64> places;
  return reinterpret_cast<Reference*>(&places.at(index));
}

TEST(ItemStream, WhatARepeatedRunYieldsAgainIsDropped) {
  ItemStream stream(8);
  EXPECT_EQ(stream.arrived(0), ItemStream::Arrival::next);
  stream.push(item_of(0));
  EXPECT_EQ(stream.arrived(0), ItemStream::Arrival::duplicate);
  EXPECT_EQ(stream.arrived(1), ItemStream::Arrival::next);
  stream.push(item_of(1));
  EXPECT_EQ(stream.take(), item_of(0));
  EXPECT_EQ(stream.take(), item_of(1));
  EXPECT_EQ(stream.take(), nullptr);
}

TEST(ItemStream, AnItemOutOfOrderIsWrong) {
  ItemStream stream(8);
  EXPECT_EQ(stream.arrived(1), ItemStream::Arrival::wrong);
  EXPECT_EQ(stream.arrived(0), ItemStream::Arrival::next);
  stream.push(item_of(0));
  EXPECT_EQ(stream.arrived(2), ItemStream::Arrival::wrong);
}

TEST(ItemStream, ARunThatBeginsAnewIsToldOfWhatWasTakenBefore) {
  ItemStream stream(2);
  EXPECT_EQ(stream.arrived(0), ItemStream::Arrival::next);
  stream.push(item_of(0));
  EXPECT_EQ(stream.news(), std::nullopt);
  stream.take();
  EXPECT_EQ(stream.news(), 1u);
  EXPECT_EQ(stream.news(), std::nullopt);
  EXPECT_EQ(stream.arrived(0), ItemStream::Arrival::duplicate);
  EXPECT_EQ(stream.news(), 1u);
}

TEST(ItemStream, AClosedStreamGivesBackWhatNobodyTook) {
  ItemStream stream(8);
  for (std::uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(stream.arrived(i), ItemStream::Arrival::next);
    stream.push(item_of(i));
  }
  stream.take();
  EXPECT_EQ(stream.close(), (std::deque<Reference*>{item_of(1), item_of(2)}));
}

TEST(ItemSource, TheWindowBoundsWhatIsAhead) {
  ItemSource source(2);
  source.next_index();
  EXPECT_TRUE(source.has_room());
  source.next_index();
  EXPECT_FALSE(source.has_room());
  source.told(1);
  EXPECT_TRUE(source.has_room());
  source.told(5);  // of a run before this one
  EXPECT_TRUE(source.has_room());
}

// A generator of `length` items, its worker, and its consumer, in any order of events: messages
// are delayed, and the worker dies now and then. Each item is taken once, in order; what is ahead
// never exceeds the window; and there is always an event that leads on.
class Exchange {
 public:
  Exchange(std::uint64_t seed, std::uint64_t window, std::uint64_t length)
      : random_(seed), window_(window), length_(length), stream_(window), source_(window) {}

  void run() {
    for (int deaths = 0; !ended_ || taken_ < length_;) {
      std::vector<void (Exchange::*)()> possible;
      if (!ended_ && source_.has_room()) possible.push_back(&Exchange::yield);
      if (!items_.empty()) possible.push_back(&Exchange::receive);
      if (!news_.empty()) possible.push_back(&Exchange::tell);
      if (has_item_) possible.push_back(&Exchange::take);
      ASSERT_FALSE(possible.empty()) << "stuck after " << taken_ << " of " << length_;
      if (deaths < 5 && random_() % 64 == 0) {
        ++deaths;
        die();
      } else {
        (this->*possible[random_() % possible.size()])();
      }
      if (::testing::Test::HasFatalFailure()) return;
    }
  }

 private:
  void yield() {
    if (yielded_ == length_) {
      ended_ = true;
      return;
    }
    items_.push_back(source_.next_index());
    ++yielded_;
  }
  void receive() {
    const std::uint64_t index = items_.front();
    items_.pop_front();
    const ItemStream::Arrival arrival = stream_.arrived(index);
    ASSERT_NE(arrival, ItemStream::Arrival::wrong);
    if (arrival == ItemStream::Arrival::next) {
      stream_.push(item_of(index));
      ++waiting_;
      ASSERT_LE(waiting_, window_);
      has_item_ = true;
    }
    look_for_news();
  }
  void take() {
    Reference* item = stream_.take();
    if (item == nullptr) {
      has_item_ = false;
      return;
    }
    ASSERT_EQ(item, item_of(taken_));
    ++taken_;
    --waiting_;
    look_for_news();
  }
  void tell() {
    source_.told(news_.front());
    news_.pop_front();
  }
  void look_for_news() {
    if (const auto news = stream_.news()) news_.push_back(*news);
  }
  // What is under way gets lost, from a prefix on.
  void die() {
    if (ended_) return;
    while (!items_.empty() && random_() % 2 == 0) items_.pop_back();
    while (!items_.empty() && !::testing::Test::HasFatalFailure()) receive();
    news_.clear();
    source_ = ItemSource(window_);
    yielded_ = 0;
  }

  std::mt19937_64 random_;
  const std::uint64_t window_;
  const std::uint64_t length_;
  ItemStream stream_;
  ItemSource source_;
  std::deque<std::uint64_t> items_;  // under way
  std::deque<std::uint64_t> news_;
  std::uint64_t yielded_ = 0;  // of this run
  std::uint64_t taken_ = 0;
  std::uint64_t waiting_ = 0;
  bool has_item_ = false;
  bool ended_ = false;
};

TEST(ItemStream, AnyOrderOfEventsDeliversEachItemOnce) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const std::uint64_t window = 1 + seed % 9;
    Exchange exchange(seed, window, seed % 50);
    exchange.run();
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

}  // namespace
}  // namespace ray::ownership
