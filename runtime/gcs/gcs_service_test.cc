#include "runtime/gcs/gcs_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ray::gcs {
namespace {

using base::NodeId;
using base::ObjectId;
using base::ProcessId;
using State = rpc::ActorRecord::State;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

class GcsServiceTest : public ::testing::Test {
 protected:
  static void expect_ok(absl::Status status) { EXPECT_TRUE(status.ok()) << status; }
  rpc::ActorRecord add_actor(std::uint64_t sequence) {
    rpc::ActorRecord record;
    record.id = ObjectId{ProcessId{1}, sequence, 0};
    gcs_.register_actor(record, false, [](auto existing) { expect_ok(existing.status()); });
    return record;
  }

  GcsService::Time now_{1h};
  GcsService gcs_{GcsService::Options{}, [this] { return now_; }};
  std::vector<State> seen_;
};

TEST_F(GcsServiceTest, watchers_see_the_state_at_once_and_each_change_until_death) {
  const rpc::ActorRecord actor = add_actor(1);
  gcs_.watch_actor(actor.id, [this](const auto& record) { seen_.push_back(record.state); });
  gcs_.actor_started(actor.id, NodeId{5}, ProcessId{2}, expect_ok);
  gcs_.actor_ended(actor.id, "done", expect_ok);
  gcs_.actor_ended(actor.id, "done twice", expect_ok);
  EXPECT_THAT(seen_, ElementsAre(State::pending, State::alive, State::dead));
}

TEST_F(GcsServiceTest, whoever_waits_for_an_actor_that_never_came_hears_of_its_owners_death) {
  gcs_.watch_actor(ObjectId{ProcessId{1}, 9, 0},
                   [this](const auto& record) { seen_.push_back(record.state); });
  gcs_.owner_died(ProcessId{1}, expect_ok);
  EXPECT_THAT(seen_, ElementsAre(State::pending, State::dead));
}

TEST_F(GcsServiceTest, a_silent_node_dies_with_its_actors) {
  const rpc::ActorRecord actor = add_actor(1);
  gcs_.register_node(
      {.id = NodeId{5}, .address = "here", .resources = {}, .available = {}, .labels = {}},
      expect_ok);
  gcs_.actor_started(actor.id, NodeId{5}, ProcessId{2}, expect_ok);
  gcs_.watch_actor(actor.id, [this](const auto& record) { seen_.push_back(record.state); });
  now_ += 8s;
  gcs_.report_node(NodeId{5}, {{"CPU", 1.0}}, expect_ok);
  now_ += 8s;
  gcs_.tick();
  EXPECT_THAT(seen_, ElementsAre(State::alive));
  now_ += 8s;
  gcs_.tick();
  EXPECT_THAT(seen_, ElementsAre(State::alive, State::dead));
  gcs_.list_nodes([](auto nodes) { EXPECT_FALSE(nodes.value().at(0).alive); });
  gcs_.report_node(NodeId{5}, {}, [](absl::Status status) { EXPECT_FALSE(status.ok()); });
}

TEST_F(GcsServiceTest, keeps_keys) {
  gcs_.put_key("a/1", "x", expect_ok);
  gcs_.put_key("a/2", "y", expect_ok);
  gcs_.put_key("b", "z", expect_ok);
  gcs_.list_keys("a/", [](auto keys) { EXPECT_THAT(keys.value(), ElementsAre("a/1", "a/2")); });
  gcs_.erase_key("a/1", expect_ok);
  gcs_.get_key("a/1", [](auto value) { EXPECT_EQ(value.value(), std::nullopt); });
  gcs_.get_key("a/2", [](auto value) { EXPECT_EQ(value.value(), "y"); });
  gcs_.put_key("big", std::string(2 << 20, 'x'),
               [](absl::Status status) { EXPECT_FALSE(status.ok()); });
}

}  // namespace
}  // namespace ray::gcs
