// A whole daemon, its zygotes and workers, through real sockets: rayd runs, the program of its
// workers only speaks the protocol (test_program.cc).
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

#include "runtime/object_store/store_messages.h"
#include "runtime/raylet/test_driver.h"

namespace ray::raylet {
namespace {

using ::testing::HasSubstr;

constexpr ipc::WireId kActor{1, 2, 3};

// Gone, or dead and not reaped by whoever is its parent now.
bool is_gone(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return !(file >> number >> name >> state) || state == "Z" || state == "X";
}

template <class Condition>
bool eventually(Condition condition) {
  const std::int64_t end = base::monotonic_ns() + TestDriver::kDeadlineNs;
  while (base::monotonic_ns() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

// With the GCS in the raylet's process, or in one of its own.
class RayletTest : public ::testing::TestWithParam<bool> {
 protected:
  RayletTest() {
    char name[] = "/tmp/raylet-test-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    parent_ = name;
    driver_.emplace(parent_);
    if (GetParam()) gcs_.emplace(parent_);
  }
  ~RayletTest() override {
    driver_.reset();
    gcs_.reset();
    std::filesystem::remove_all(parent_);
  }

  void start(const std::string& mode, std::vector<std::string> options) {
    if (gcs_) {
      options.insert(options.end(), {"--role", "raylet", "--gcs-address", gcs_->address()});
    }
    driver_->start(mode, std::move(options));
  }
  ipc::LeaseGranted lease_one() {
    driver_->demand(1, 1, "CPU:1");
    return driver_->await<ipc::LeaseGranted>();
  }
  ipc::ActorState register_and_start(const ipc::LeaseGranted& grant, bool detached) {
    ipc::RegisterActor actor;
    actor.request = 5;
    actor.actor = {driver_->welcome().process, kActor.sequence, kActor.slot};
    actor.class_name = "Counter";
    actor.name = "counter";
    actor.name_space = "space";
    actor.detached = detached;
    driver_->send(actor);
    EXPECT_EQ(driver_->await<ipc::ActorRegistered>().error, "");
    driver_->send(ipc::WatchActor{actor.actor});
    EXPECT_EQ(driver_->await<ipc::ActorState>().state, ipc::ActorState::State::pending);
    driver_->send(ipc::ActorStarted{actor.actor, grant.worker});
    return driver_->await<ipc::ActorState>();
  }

  std::string parent_;
  std::optional<TestGcs> gcs_;
  std::optional<TestDriver> driver_;
};

INSTANTIATE_TEST_SUITE_P(Gcs, RayletTest, ::testing::Bool(), [](const auto& param) {
  return param.param ? "over_grpc" : "in_process";
});

TEST_P(RayletTest, grants_leases_and_uses_a_returned_worker_again) {
  start("good", {"--num-cpus", "1"});
  EXPECT_EQ(driver_->welcome().cpus, 1u);
  const ipc::LeaseGranted first = lease_one();
  EXPECT_FALSE(is_gone(first.worker_pid));
  driver_->send(ipc::ReturnLease{.lease = first.lease, .exit_worker = false});
  const ipc::LeaseGranted second = lease_one();
  EXPECT_EQ(second.worker_pid, first.worker_pid);
  EXPECT_NE(second.channel, first.channel) << "its worker may still read the first";
}

TEST_P(RayletTest, tells_how_a_worker_died_and_starts_another) {
  start("good", {"--num-cpus", "1"});
  const ipc::LeaseGranted first = lease_one();
  ASSERT_EQ(::kill(first.worker_pid, SIGKILL), 0);
  const auto died = driver_->await<ipc::ProcessDied>();
  EXPECT_EQ(died.process, first.worker);
  EXPECT_EQ(died.cause, "killed by signal 9 (Killed)");
  EXPECT_FALSE(died.expected);
  driver_->send(ipc::CloseChannel{first.channel});
  EXPECT_NE(lease_one().worker_pid, first.worker_pid);
}

TEST_P(RayletTest, a_worker_returned_for_the_last_time_ends) {
  start("good", {"--num-cpus", "1"});
  const ipc::LeaseGranted first = lease_one();
  driver_->send(ipc::ReturnLease{.lease = first.lease, .exit_worker = true});
  EXPECT_TRUE(eventually([&] { return is_gone(first.worker_pid); }));
  EXPECT_NE(lease_one().worker_pid, first.worker_pid);
}

TEST_P(RayletTest, kills_a_worker_that_does_not_end_when_told) {
  start("stubborn", {"--num-cpus", "1"});
  const ipc::LeaseGranted first = lease_one();
  driver_->send(ipc::ReturnLease{.lease = first.lease, .exit_worker = true});
  EXPECT_TRUE(eventually([&] { return is_gone(first.worker_pid); }));
}

TEST_P(RayletTest, an_orderly_end_leaves_nothing) {
  start("good", {"--num-cpus", "2"});
  const ipc::LeaseGranted grant = lease_one();
  driver_->send(ipc::Disconnect{});
  driver_->await<ipc::Disconnected>();
  EXPECT_TRUE(is_gone(grant.worker_pid));
  EXPECT_TRUE(std::filesystem::exists(driver_->session_folder())) << "its logs are still read";
  driver_->close();
  EXPECT_TRUE(driver_->daemon_ends());
}

TEST_P(RayletTest, a_killed_driver_takes_everything_with_it) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ipc::SpawnOptions options;
  options.path = RAY_TEST_PROGRAM;
  options.arguments = {"test_program", "driver", parent_, "orphans"};
  options.fds = {{ends[1], 1}};
  options.death_signal = SIGKILL;
  const ipc::ChildProcess driver = ipc::spawn(options).value();
  ::close(ends[1]);
  FILE* output = ::fdopen(ends[0], "r");
  char session[256];
  int daemon = 0;
  int worker = 0;
  ASSERT_EQ(::fscanf(output, "%255s %d %d", session, &daemon, &worker), 3);
  ::fclose(output);
  EXPECT_TRUE(std::filesystem::exists(session));
  ASSERT_EQ(::kill(driver.pid, SIGKILL), 0);
  ::waitpid(driver.pid, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return is_gone(worker); }));
  EXPECT_TRUE(eventually([&] { return is_gone(daemon); }));
  EXPECT_FALSE(std::filesystem::exists(session));
  // The orphan had left its session and group; it still runs this program.
  EXPECT_TRUE(eventually([] {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::error_code error;
      const auto program = std::filesystem::read_symlink(entry.path() / "exe", error);
      if (!error && program == RAY_TEST_PROGRAM) return false;
    }
    return true;
  }));
}

TEST_P(RayletTest, a_program_that_cannot_be_forked_is_executed) {
  start("refuses", {"--num-cpus", "2"});
  driver_->demand(1, 2, "CPU:1");
  EXPECT_THAT(driver_->await<ipc::Notice>().text, HasSubstr("it runs 2 threads before main"));
  const auto first = driver_->await<ipc::LeaseGranted>();
  const auto second = driver_->await<ipc::LeaseGranted>();
  EXPECT_NE(first.worker_pid, second.worker_pid);
  ASSERT_EQ(::kill(first.worker_pid, SIGTERM), 0);
  EXPECT_EQ(driver_->await<ipc::ProcessDied>().cause, "killed by signal 15 (Terminated)");
}

TEST_P(RayletTest, says_why_workers_cannot_be_started) {
  start("dies", {"--num-cpus", "1"});
  driver_->demand(1, 1, "CPU:1");
  EXPECT_THAT(driver_->await<ipc::LeaseInfeasible>().reason, HasSubstr("exited with status 3"));
}

TEST_P(RayletTest, says_what_no_node_has) {
  start("good", {"--num-cpus", "1"});
  driver_->demand(1, 1, "licence:2");
  EXPECT_EQ(driver_->await<ipc::LeaseInfeasible>().reason,
            "f needs 2 licence, but this node has none");
}

TEST_P(RayletTest, a_malformed_message_ends_only_its_sender) {
  start("good", {"--num-cpus", "1"});
  TestDriver other(parent_);
  other.join(driver_->session_folder(), "good");
  other.send_bytes("\x02");
  EXPECT_FALSE(other.find<ipc::Welcome>(TestDriver::kDeadlineNs)) << "the raylet closes";
  EXPECT_FALSE(is_gone(lease_one().worker_pid));
}

TEST_P(RayletTest, a_client_that_does_not_read_is_disconnected) {
  start("good", {"--num-cpus", "1"});
  ipc::UnixSocket silent =
      ipc::UnixSocket::connect(driver_->session_folder() + "/raylet.sock").value();
  ipc::Hello hello;
  hello.arguments = {"test_program", "good"};
  const base::UniqueFd program(::open(RAY_TEST_PROGRAM, O_RDONLY | O_CLOEXEC));
  const int attached[] = {program.get()};
  ASSERT_TRUE(silent.send(ipc::encode_typed(hello), attached, TestDriver::kDeadlineNs).ok());
  absl::Status status;
  for (std::uint64_t i = 0; i < 1'000'000 && status.ok(); ++i) {
    const ipc::OpenChannel request{.request = i, .peer = 0};  // answered with an error
    status = silent.send(ipc::encode_typed(request), {}, TestDriver::kDeadlineNs);
  }
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_FALSE(is_gone(lease_one().worker_pid));
}

TEST_P(RayletTest, opens_channels_between_processes_and_tells_of_death) {
  start("good", {"--num-cpus", "1"});
  std::optional<TestDriver> other(parent_);
  other->join(driver_->session_folder(), "good");
  const std::uint64_t peer = other->welcome().process;
  driver_->send(ipc::OpenChannel{.request = 3, .peer = peer});
  const auto here = driver_->await<ipc::ChannelOpened>();
  const auto there = other->await<ipc::ChannelOpened>();
  EXPECT_EQ(here.error, "");
  EXPECT_TRUE(here.initiator && !there.initiator);
  EXPECT_EQ(here.channel, there.channel);
  EXPECT_EQ(there.peer, driver_->welcome().process);
  other.reset();
  EXPECT_EQ(driver_->await<ipc::ProcessDied>().process, peer);
  driver_->send(ipc::OpenChannel{.request = 4, .peer = peer});
  EXPECT_NE(driver_->await<ipc::ChannelOpened>().error, "");
}

TEST_P(RayletTest, follows_an_actor_from_its_registration_to_its_death) {
  start("good", {"--num-cpus", "1"});
  driver_->demand(1, 1, "CPU:1", true);
  const auto grant = driver_->await<ipc::LeaseGranted>();
  const ipc::ActorState alive = register_and_start(grant, false);
  EXPECT_EQ(alive.state, ipc::ActorState::State::alive);
  EXPECT_EQ(alive.worker, grant.worker);
  EXPECT_EQ(alive.worker_index, grant.worker_index);
  driver_->send(ipc::FindActor{.request = 6, .name = "counter", .name_space = "space"});
  EXPECT_EQ(driver_->await<ipc::ActorFound>().actor, alive.actor);
  driver_->send(ipc::KillActor{.actor = alive.actor, .no_restart = true});
  const auto dead = driver_->await<ipc::ActorState>();
  EXPECT_EQ(dead.state, ipc::ActorState::State::dead);
  EXPECT_THAT(dead.cause, HasSubstr("ray::kill()"));
  EXPECT_EQ(driver_->await<ipc::ProcessDied>().process, grant.worker);
}

TEST_P(RayletTest, a_detached_actor_keeps_the_daemon_until_it_ends) {
  start("good", {"--num-cpus", "1"});
  driver_->demand(1, 1, "CPU:1", true);
  const auto grant = driver_->await<ipc::LeaseGranted>();
  register_and_start(grant, true);
  driver_->send(ipc::Disconnect{});
  driver_->await<ipc::Disconnected>();
  driver_->close();
  TestDriver other(parent_);
  other.join(driver_->session_folder(), "good");
  EXPECT_FALSE(is_gone(grant.worker_pid));
  other.send(ipc::FindActor{.request = 1, .name = "counter", .name_space = "space"});
  const auto found = other.await<ipc::ActorFound>();
  ASSERT_TRUE(found.actor.has_value());
  other.send(ipc::KillActor{.actor = *found.actor, .no_restart = true});
  EXPECT_TRUE(eventually([&] { return is_gone(grant.worker_pid); }));
  EXPECT_TRUE(driver_->daemon_ends());
}

TEST_P(RayletTest, hosts_the_object_store) {
  start("good", {"--num-cpus", "1"});
  driver_->send_bytes(object_store::encode_packet(
      object_store::LeaseArena{.request = 8, .minimum = 1000, .wanted = 1000, .slots = 1}));
  const auto leased = driver_->await<object_store::ArenaLeased>();
  EXPECT_EQ(leased.request, 8u);
  EXPECT_GE(leased.length, 1000u);
}

TEST_P(RayletTest, reports_nodes_and_what_is_available) {
  start("good", {"--num-cpus", "2", "--resource", "licence=3"});
  lease_one();
  driver_->send(ipc::QueryCluster{.request = 9});
  const auto state = driver_->await<ipc::ClusterState>();
  ASSERT_EQ(state.nodes.size(), 1u);
  EXPECT_EQ(state.total.at("CPU"), 2);
  EXPECT_EQ(state.total.at("licence"), 3);
  EXPECT_EQ(state.available.at("CPU"), 1);
}

}  // namespace
}  // namespace ray::raylet
