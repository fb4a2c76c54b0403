// Raylet is one node's daemon: it accepts drivers, runs workers for them, leases workers to owners,
// hosts the object store and hands out channels. README.md tells the flows.
//
// It does what the tables decide: scheduling/lease_table, channel_table, object_store/store_host,
// and the Gcs. Threading: everything runs on the loop's thread, which must be the process' main
// thread. Ownership: borrows the loop, the log and the Gcs; owns all else, children included.
// Limits: see Options; and `ipc::FabricLimits` processes and channels.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/base/log.h"
#include "runtime/base/resources.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/event_loop.h"
#include "runtime/ipc/fabric.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/object_store/store_host.h"
#include "runtime/raylet/actor_directory.h"
#include "runtime/raylet/channel_table.h"
#include "runtime/raylet/process_record.h"
#include "runtime/raylet/zygote_pool.h"
#include "runtime/rpc/gcs.h"
#include "runtime/scheduling/lease_table.h"

namespace ray::raylet {

class Raylet {
 public:
  struct Options {
    std::string session_folder;
    base::NodeId node;
    std::string address;  // of this node, for others
    base::ResourceSet resources;
    std::map<std::string, std::string> labels;
    object_store::StoreHost::Options store;
    std::int64_t hello_ns = 10'000'000'000;         // from a connection to its Hello
    std::int64_t exit_ns = 1'000'000'000;           // for an orderly exit
    std::int64_t last_read_ns = 2'000'000'000;      // from Disconnected to the driver's close
    std::int64_t exit_status_ns = 100'000'000;      // from a worker's end to its exit status
    std::int64_t report_ns = 0;                     // to the GCS; 0: it is in this process
    std::uint32_t scheduling_classes_max = 65'536;  // of one owner
    std::uint32_t environments_max = 1'024;
  };

  static absl::StatusOr<std::unique_ptr<Raylet>> create(ipc::EventLoop& loop, base::Log& log,
                                                        rpc::Gcs& gcs, const Options& options);
  ~Raylet();
  Raylet(const Raylet&) = delete;
  Raylet& operator=(const Raylet&) = delete;

  // The driver that this raylet was started for, and its first connection. When it is gone and no
  // detached actor lives, `finished` is called, once.
  absl::Status serve_owner(ipc::UnixSocket socket, pid_t pid, std::function<void()> finished);
  // A child of this process has been reaped.
  void child_exited(pid_t pid, int wait_status);

 private:
  using Clock = std::chrono::steady_clock;
  using Process = ProcessRecord;
  using Job = JobRecord;
  // Variables and working folder.
  using EnvironmentKey = std::pair<std::map<std::string, std::string>, std::string>;

  Raylet(ipc::EventLoop& loop, base::Log& log, rpc::Gcs& gcs, const Options& options,
         ipc::Fabric fabric, std::unique_ptr<object_store::StoreHost> store,
         ipc::UnixListener listener);
  absl::Status start();

  // Connections (raylet_clients.cc).
  void accept_some();
  absl::StatusOr<Process*> add_process(ipc::UnixSocket socket, pid_t pid, base::UniqueFd pidfd);
  absl::Status on_message(base::ProcessId id, ipc::Message message);
  void on_closed(base::ProcessId id, const absl::Status& status);
  absl::Status greet(Process& process, const ipc::Hello& hello, ipc::Message& message);
  absl::Status greet_driver(Process& process, const ipc::Hello& hello, ipc::Message& message);
  absl::Status greet_worker(Process& process, const ipc::Hello& hello);
  absl::Status welcome(Process& process, const Job& job);
  Process* find(base::ProcessId id);
  // To a process that may be gone by now.
  template <class M>
  void send(base::ProcessId to, const M& message) {
    if (Process* process = find(to)) process->connection->send(message);
  }
  void deliver(const object_store::StoreHost::Outbox& outbox);

  // Requests of greeted processes (raylet_requests.cc).
  absl::Status on_request(Process& process, const ipc::Message& message);
  absl::Status on_demand(Process& process, ipc::LeaseDemand message);
  absl::StatusOr<scheduling::PoolKey> pool_of(const Process& process,
                                              const ipc::RuntimeEnvironment& environment);
  std::string why_unplaceable(const ipc::LeaseDemand& message) const;
  void on_return_lease(Process& process, const ipc::ReturnLease& message);
  void on_open_channel(Process& process, const ipc::OpenChannel& message);
  void on_actor_started(Process& process, const ipc::ActorStarted& message);
  void on_kill_worker(Process& process, const ipc::KillWorker& message);
  void on_exit_declined(Process& process);
  // A process with many requests under way is not read from.
  void begin_request(Process& process);
  template <class M>
  void answer(base::ProcessId to, const M& message) {
    end_request(to);
    send(to, message);
  }
  void end_request(base::ProcessId id);
  void on_query(Process& process, const ipc::QueryCluster& message);
  absl::Status on_store_message(Process& process, const ipc::Message& message);
  ActorDirectory::Events actor_events();

  // Leases and channels (raylet_leases.cc).
  void apply(scheduling::Effects effects);
  void carry_out(const scheduling::StartWorker& effect);
  void carry_out(const scheduling::GrantLease& effect);
  void carry_out(const scheduling::WarnInfeasible& effect);
  void carry_out(const scheduling::RefuseDemand& effect);
  void carry_out(const scheduling::AskReclaim& effect);
  void carry_out(const scheduling::EndIdleWorker& effect);
  void carry_out(const scheduling::EndWorker& effect);
  void carry_out(const scheduling::BlockedAtLimit& effect);
  void arm_lease_timer();
  void close_channel(std::uint32_t channel, base::ProcessId process);
  void free_channel(std::uint32_t channel);
  void free_dead_indices();

  // Processes and their ends (raylet_processes.cc).
  void on_worker_started(ZygotePool::Worker worker);
  void on_worker_exited(base::JobId job, pid_t pid, int wait_status);
  void on_pidfd(base::ProcessId id);
  void ask_to_exit(Process& process, const std::string& reason, bool if_unneeded);
  void kill(Process& process, const std::string& reason);
  // Kills a worker; for a driver, or a stranger, it is over.
  void give_up(Process& process, const std::string& reason);
  void finish(base::ProcessId id);
  void tell_peers(const Process& process, const std::string& cause);
  std::string cause_of(const Process& process) const;
  void set_timer(Process& process, std::int64_t delay_ns, std::function<void(Process&)> step);

  // Jobs (raylet_jobs.cc).
  void tell_refusal(base::JobId id, const std::string& cause);
  void end_job(base::JobId id, bool orderly);
  void job_may_be_gone(base::JobId id);
  void kill_orphans(base::JobId id, int rounds_left);
  void driver_gone(Job& job);
  void finish_if_unused();

  void arm_store_timer();
  void report();

  const Options options_;
  ipc::EventLoop& loop_;
  base::Log& log_;
  rpc::Gcs& gcs_;

  ipc::Fabric fabric_;
  ipc::FabricAllocator allocator_;
  std::unique_ptr<object_store::StoreHost> store_;
  ipc::UnixListener listener_;
  scheduling::LeaseTable leases_;
  ChannelTable channels_;
  ActorDirectory actors_;
  ZygotePool zygotes_;

  std::map<base::ProcessId, std::unique_ptr<Process>> processes_;
  std::map<base::JobId, Job> jobs_;
  std::map<base::ProcessId, std::uint32_t> dead_indices_;  // until no channel leads to them
  std::map<base::LeaseId, std::uint32_t> lease_channels_;
  std::map<std::uint32_t, base::LeaseId> channel_leases_;
  std::map<EnvironmentKey, std::uint64_t> environments_;  // their numbers, from 1

  std::deque<scheduling::Effect> effects_;
  bool applying_ = false;
  std::vector<scheduling::GrantLease> stalled_grants_;  // for want of a channel
  std::optional<ipc::EventLoop::TimerId> lease_timer_;
  std::optional<ipc::EventLoop::TimerId> store_timer_;

  base::ProcessId owner_;  // the driver this raylet was started for
  bool owner_gone_ = false;
  std::function<void()> finished_;
};

}  // namespace ray::raylet
