#include "runtime/base/resumption_queue.h"

#include <gtest/gtest.h>

#include <vector>

namespace ray::base {
namespace {

using Clock = ResumptionQueue::Clock;

TEST(ResumptionQueueTest, GivesInTheOrderOfArrivalAndThenWhatIsDue) {
  ResumptionQueue queue;
  std::vector<int> order;
  queue.add_at(Clock::now() - std::chrono::seconds(1), {3, [&] { order.push_back(3); }});
  queue.add_at(Clock::time_point::min(), {2, [&] { order.push_back(2); }});
  queue.add({1, [&] { order.push_back(1); }});
  EXPECT_TRUE(queue.has_next());
  while (auto next = queue.take()) {
    next->go_on();
    EXPECT_EQ(next->call, static_cast<std::uint64_t>(order.back()));
  }
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
  EXPECT_FALSE(queue.has_next());
}

TEST(ResumptionQueueTest, KeepsWhatIsNotDue) {
  ResumptionQueue queue;
  EXPECT_FALSE(queue.next_time());
  const auto later = Clock::now() + std::chrono::hours(2);
  queue.add_at(later, {1, [] {}});
  queue.add_at(later - std::chrono::hours(1), {2, [] {}});
  EXPECT_EQ(queue.next_time(), later - std::chrono::hours(1));
  EXPECT_FALSE(queue.has_next());
  EXPECT_FALSE(queue.take());
}

}  // namespace
}  // namespace ray::base
