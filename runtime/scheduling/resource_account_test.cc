#include "runtime/scheduling/resource_account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ray::scheduling {
namespace {

using base::ResourceSet;
using ::testing::ElementsAre;

ResourceSet set(std::string_view text) { return ResourceSet::parse(text).value(); }

TEST(ResourceAccount, ten_tenths_of_a_cpu_are_one_cpu) {
  ResourceAccount account(set("CPU:1"));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(account.take(set("CPU:0.1")));
  EXPECT_FALSE(account.take(set("CPU:0.0001")));
}

TEST(ResourceAccount, says_what_a_node_lacks) {
  const ResourceAccount account(set("CPU:2,GPU:2"));
  EXPECT_EQ(account.why_never(set("CPU:2,GPU:2")), std::nullopt);
  EXPECT_EQ(account.why_never(set("GPU:4")), "4 GPU, but this node has 2");
  EXPECT_EQ(account.why_never(set("licence:1")), "1 licence, but this node has none");
  EXPECT_EQ(account.why_never(set("GPU:4,licence:1")),
            "4 GPU, but this node has 2; and 1 licence, but this node has none");
  EXPECT_EQ(account.why_never(set("GPU:1.5")),
            "1.5 GPU, but above one only whole GPUs are assigned");
}

TEST(ResourceAccount, shares_fill_one_gpu_before_the_next) {
  ResourceAccount account(set("GPU:2"));
  const auto first = account.take(set("GPU:0.5"));
  const auto second = account.take(set("GPU:0.5"));
  const auto whole = account.take(set("GPU:1"));
  ASSERT_TRUE(first && second && whole);
  EXPECT_EQ(first->gpu_ids(), second->gpu_ids());
  EXPECT_NE(first->gpu_ids(), whole->gpu_ids());
  account.give_back(*first);
  EXPECT_FALSE(account.take(set("GPU:0.6")));
  EXPECT_THAT(account.take(set("GPU:0.5"))->gpu_ids(), ElementsAre(0));
}

TEST(ResourceAccount, shares_that_do_not_fit_one_gpu_do_not_fit) {
  ResourceAccount account(set("GPU:2"));
  ASSERT_TRUE(account.take(set("GPU:0.6")));
  ASSERT_TRUE(account.take(set("GPU:0.6")));
  EXPECT_FALSE(account.take(set("GPU:0.6")));
  EXPECT_FALSE(account.take(set("GPU:1")));
}

TEST(ResourceAccount, a_blocked_holder_may_drive_the_account_below_zero) {
  ResourceAccount account(set("CPU:1,memory:100"));
  auto blocked = account.take(set("CPU:1,memory:60"));
  account.lend_cpu(*blocked);
  EXPECT_EQ(account.available(), set("CPU:1,memory:40"));
  auto other = account.take(set("CPU:1"));
  account.take_back_cpu(*blocked);
  EXPECT_EQ(account.available().units(base::kCpu), -ResourceSet::kUnitsPerOne);
  EXPECT_FALSE(account.take(set("CPU:0.1")));
  EXPECT_TRUE(account.take(set("memory:10")));
  account.give_back(*other);
  account.lend_cpu(*blocked);
  account.give_back(*blocked);
  EXPECT_EQ(account.available(), set("CPU:1,memory:90"));
}

TEST(ResourceAccount, a_started_actor_keeps_its_gpu) {
  ResourceAccount account(set("CPU:1,GPU:1"));
  auto actor = account.take(set("CPU:1,GPU:1"));
  account.shrink(*actor, set("GPU:1"));
  EXPECT_EQ(account.available(), set("CPU:1"));
  EXPECT_THAT(actor->gpu_ids(), ElementsAre(0));
  account.give_back(*actor);
  EXPECT_EQ(account.available(), account.total());
}

}  // namespace
}  // namespace ray::scheduling
