#include "runtime/raylet/channel_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ray::raylet {
namespace {

using base::ProcessId;
using ::testing::ElementsAre;

constexpr ProcessId kOwner{1};
constexpr ProcessId kWorker{2};
constexpr ProcessId kOther{3};

TEST(ChannelTable, a_channel_is_free_when_both_ends_are_done) {
  ChannelTable table;
  table.open(7, kOwner, kWorker);
  EXPECT_FALSE(table.close(7, kOwner));
  EXPECT_FALSE(table.close(7, kOwner)) << "twice by one end is once";
  EXPECT_FALSE(table.close(7, kOther));
  EXPECT_TRUE(table.close(7, kWorker));
  EXPECT_FALSE(table.close(7, kWorker));
  EXPECT_EQ(table.count(kOwner), 0u);
}

TEST(ChannelTable, death_names_the_peers_and_frees_what_they_had_closed) {
  ChannelTable table;
  table.open(1, kOwner, kWorker);
  table.open(2, kOwner, kWorker);
  table.open(3, kWorker, kOther);
  table.close(3, kOther);
  const ChannelTable::Ends ends = table.process_died(kWorker);
  EXPECT_THAT(ends.peers, ElementsAre(kOwner));
  EXPECT_THAT(ends.freed, ElementsAre(3u));
  EXPECT_EQ(table.count(kWorker), 2u) << "its peer still reads them";
  EXPECT_TRUE(table.close(1, kOwner));
  EXPECT_TRUE(table.close(2, kOwner));
  EXPECT_EQ(table.count(kWorker), 0u);
  EXPECT_EQ(table.size(), 0u);
}

TEST(ChannelTable, a_process_may_have_a_channel_with_itself) {
  ChannelTable table;
  table.open(1, kOwner, kOwner);
  EXPECT_THAT(table.process_died(kOwner).freed, ElementsAre(1u));
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace ray::raylet
