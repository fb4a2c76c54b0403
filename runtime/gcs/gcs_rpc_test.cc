// The Gcs as another process sees it: through the gRPC module, over loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "runtime/base/clock.h"
#include "runtime/gcs/gcs_service.h"
#include "runtime/ipc/event_loop.h"
#include "runtime/rpc/rpc_module.h"

namespace ray::gcs {
namespace {

using base::NodeId;
using base::ObjectId;
using base::ProcessId;
using State = rpc::ActorRecord::State;
using ::testing::ElementsAre;

class GcsRpcTest : public ::testing::Test {
 protected:
  void serve(const std::string& token = "") {
    server_ = module_->serve(gcs_, "127.0.0.1:0", token, post_).value();
    client_ = connect(token);
  }
  std::unique_ptr<rpc::Gcs> connect(const std::string& token) {
    return module_->connect(server_->address(), token, post_);
  }
  // Both ends live on this loop.
  template <class Condition>
  bool run_until(Condition condition) {
    const std::int64_t end = base::monotonic_ns() + 60'000'000'000;
    while (!condition() && base::monotonic_ns() < end) loop_.run_once(10'000'000);
    return condition();
  }
  absl::Status finish(const std::function<void(rpc::Gcs::Finished)>& call) {
    std::optional<absl::Status> result;
    call([&](const absl::Status& status) { result = status; });
    EXPECT_TRUE(run_until([&] { return result.has_value(); }));
    return result.value_or(absl::DeadlineExceededError("no answer"));
  }
  static rpc::ActorRecord actor(std::uint64_t sequence) {
    rpc::ActorRecord record;
    record.id = ObjectId{ProcessId{1}, sequence, 7};
    record.class_name = "Counter";
    record.name = "counter";
    record.name_space = "space";
    record.max_restarts = -1;
    record.max_task_retries = 4;
    return record;
  }

  rpc::RpcModule* module_ = rpc::load_rpc_module(RAY_TEST_MODULE).value();
  ipc::EventLoop loop_;
  rpc::Post post_ = [this](std::function<void()> closure) { loop_.post(std::move(closure)); };
  GcsService gcs_{GcsService::Options{}, [] { return std::chrono::steady_clock::now(); }};
  std::unique_ptr<rpc::GcsServer> server_;
  std::unique_ptr<rpc::Gcs> client_;
};

TEST_F(GcsRpcTest, nodes_jobs_and_keys_cross) {
  serve();
  rpc::NodeRecord node;
  node.id = NodeId{5};
  node.address = "there";
  node.resources = {{"CPU", 2.5}};
  node.labels = {{"zone", "a"}};
  EXPECT_TRUE(finish([&](auto done) { client_->register_node(node, done); }).ok());
  EXPECT_TRUE(finish([&](auto done) { client_->report_node(node.id, {{"CPU", 1}}, done); }).ok());
  EXPECT_TRUE(
      absl::IsNotFound(finish([&](auto done) { client_->report_node(NodeId{6}, {}, done); })));
  EXPECT_TRUE(finish([&](auto done) { client_->put_key("a", std::string(1, 0), done); }).ok());
  std::optional<absl::StatusOr<std::vector<rpc::NodeRecord>>> nodes;
  std::optional<absl::StatusOr<std::optional<std::string>>> value;
  client_->list_nodes([&](auto found) { nodes = std::move(found); });
  client_->get_key("a", [&](auto found) { value = std::move(found); });
  ASSERT_TRUE(run_until([&] { return nodes.has_value() && value.has_value(); }));
  ASSERT_EQ((*nodes)->size(), 1u);
  EXPECT_EQ((**nodes)[0].resources, node.resources);
  EXPECT_EQ((**nodes)[0].available.at("CPU"), 1);
  EXPECT_EQ((**nodes)[0].labels, node.labels);
  EXPECT_EQ(**value, std::string(1, 0));
}

TEST_F(GcsRpcTest, calls_arrive_in_their_order_and_watchers_see_every_change) {
  serve();
  std::vector<State> seen;
  std::vector<std::uint64_t> workers;
  std::int32_t retries = 0;
  client_->watch_actor(actor(2).id, [&](const rpc::ActorRecord& record) {
    seen.push_back(record.state);
    workers.push_back(record.worker.value);
    retries = record.max_task_retries;
  });
  ASSERT_TRUE(run_until([&] { return seen.size() == 1; }));
  const auto ignore = [](const absl::Status& status) { EXPECT_TRUE(status.ok()) << status; };
  client_->register_actor(actor(2), false, [](auto existing) { EXPECT_TRUE(existing.ok()); });
  client_->actor_started(actor(2).id, NodeId{5}, ProcessId{9}, ignore);
  client_->actor_lost(actor(2).id, ProcessId{9}, "killed", ignore);
  client_->actor_started(actor(2).id, NodeId{5}, ProcessId{10}, ignore);
  client_->actor_ended(actor(2).id, "done", ignore);
  ASSERT_TRUE(run_until([&] { return seen.size() == 5; }));
  EXPECT_THAT(seen, ElementsAre(State::pending, State::alive, State::restarting, State::alive,
                                State::dead));
  EXPECT_THAT(workers, ElementsAre(0u, 9u, 0u, 10u, 0u));
  EXPECT_EQ(retries, 4);
}

TEST_F(GcsRpcTest, errors_and_absence_cross) {
  serve();
  std::optional<absl::Status> second;
  std::optional<ObjectId> existing;
  std::optional<bool> found;
  client_->register_actor(actor(1), false, [](auto answer) { EXPECT_TRUE(answer.ok()); });
  client_->register_actor(actor(2), false, [&](auto answer) { second = answer.status(); });
  client_->register_actor(actor(2), true, [&](auto answer) { existing = answer.value(); });
  client_->find_actor("space", "nobody", [&](auto answer) { found = answer->has_value(); });
  ASSERT_TRUE(run_until([&] { return found.has_value(); }));
  EXPECT_TRUE(absl::IsAlreadyExists(*second)) << *second;
  EXPECT_EQ(existing, actor(1).id);
  EXPECT_FALSE(*found);
}

TEST_F(GcsRpcTest, a_caller_without_the_token_is_refused) {
  serve("secret");
  EXPECT_TRUE(finish([&](auto done) { client_->put_key("a", "b", done); }).ok());
  for (const char* token : {"", "wrong", "secre", "secret2"}) {
    const auto stranger = connect(token);
    EXPECT_TRUE(
        absl::IsUnauthenticated(finish([&](auto done) { stranger->put_key("a", "c", done); })));
  }
}

TEST_F(GcsRpcTest, listens_to_others_only_with_a_token) {
  EXPECT_FALSE(module_->serve(gcs_, "0.0.0.0:0", "", post_).ok());
  EXPECT_FALSE(module_->serve(gcs_, "[::]:0", "", post_).ok());
  EXPECT_TRUE(module_->serve(gcs_, "0.0.0.0:0", "secret", post_).ok());
  EXPECT_TRUE(module_->serve(gcs_, "localhost:0", "", post_).ok());
}

TEST_F(GcsRpcTest, both_ends_may_go_while_calls_are_under_way) {
  serve();
  client_->watch_actor(actor(1).id, [](const rpc::ActorRecord&) {});
  for (int i = 0; i < 100; ++i) {
    client_->put_key("a", "b", [](const absl::Status&) { FAIL() << "its client is gone"; });
  }
  client_.reset();
  loop_.run_once(10'000'000);
  client_ = connect("");
  client_->put_key("a", "b", [](const absl::Status&) {});
  loop_.run_once(10'000'000);
  server_.reset();
  client_.reset();
  loop_.run_once(0);
}

}  // namespace
}  // namespace ray::gcs
