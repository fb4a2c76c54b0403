#include "runtime/gcs/actor_table.h"

#include <gtest/gtest.h>

namespace ray::gcs {
namespace {

using base::NodeId;
using base::ObjectId;
using base::ProcessId;
using State = rpc::ActorRecord::State;

constexpr ProcessId kOwner{1};
constexpr ProcessId kWorker{2};
constexpr NodeId kNode{3};

rpc::ActorRecord actor(std::uint64_t sequence, const std::string& name = "") {
  rpc::ActorRecord record;
  record.id = ObjectId{kOwner, sequence, 0};
  record.name = name;
  record.name_space = "space";
  return record;
}

TEST(ActorTable, a_name_is_taken_until_its_actor_is_dead) {
  ActorTable table;
  ASSERT_TRUE(table.add(actor(1, "counter"), false).ok());
  EXPECT_EQ(table.add(actor(2, "counter"), false).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(table.add(actor(2, "counter"), true).value(), actor(1).id);
  EXPECT_EQ(table.find("space", "counter")->id, actor(1).id);
  EXPECT_FALSE(table.find("elsewhere", "counter"));
  table.ended(actor(1).id, "done");
  EXPECT_FALSE(table.find("space", "counter"));
  EXPECT_EQ(table.add(actor(2, "counter"), false).value(), std::nullopt);
}

TEST(ActorTable, restarts_as_often_as_it_may) {
  ActorTable table;
  rpc::ActorRecord record = actor(1);
  record.max_restarts = 1;
  ASSERT_TRUE(table.add(record, false).ok());
  ASSERT_TRUE(table.started(record.id, kNode, kWorker).ok());
  EXPECT_TRUE(table.lost(record.id, ProcessId{99}, "another's death").empty());
  EXPECT_EQ(table.lost(record.id, kWorker, "killed").at(0).state, State::restarting);
  ASSERT_TRUE(table.started(record.id, kNode, ProcessId{4}).ok());
  const auto dead = table.lost(record.id, ProcessId{4}, "killed again");
  EXPECT_EQ(dead.at(0).state, State::dead);
  EXPECT_EQ(dead.at(0).cause, "killed again");
  EXPECT_EQ(table.started(record.id, kNode, kWorker).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ActorTable, an_owners_death_ends_its_actors_but_not_detached_ones) {
  ActorTable table;
  rpc::ActorRecord detached = actor(2);
  detached.detached = true;
  detached.max_restarts = -1;
  ASSERT_TRUE(table.add(actor(1), false).ok());
  ASSERT_TRUE(table.add(detached, false).ok());
  ASSERT_TRUE(table.started(detached.id, kNode, kWorker).ok());
  const auto changes = table.owner_died(kOwner);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].id, actor(1).id);
  EXPECT_EQ(table.look_up(detached.id).state, State::alive);
  EXPECT_EQ(table.lost(detached.id, kWorker, "killed").at(0).state, State::dead)
      << "nobody could construct it again";
}

TEST(ActorTable, an_unknown_actor_is_pending_while_its_owner_lives) {
  ActorTable table;
  EXPECT_EQ(table.look_up(actor(5).id).state, State::pending);
  table.owner_died(kOwner);
  EXPECT_EQ(table.look_up(actor(5).id).state, State::dead);
  EXPECT_FALSE(table.add(actor(5), false).ok());
}

TEST(ActorTable, remembers_a_bounded_number_of_dead_actors) {
  ActorTable table(2);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(table.add(actor(i), false).ok());
    table.ended(actor(i).id, "done");
  }
  EXPECT_EQ(table.look_up(actor(3).id).cause, "done");
  EXPECT_EQ(table.look_up(actor(1).id).cause, "");
  EXPECT_EQ(table.alive_or_pending(), 0u);
}

}  // namespace
}  // namespace ray::gcs
