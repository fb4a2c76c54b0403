// Requests of greeted processes. What a process says is checked here: an error ends it.
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"
#include "runtime/raylet/raylet.h"

namespace ray::raylet {
namespace {

using ipc::MessageType;

constexpr std::uint32_t kWantedMax = 1'000'000;
constexpr std::uint32_t kUnansweredMax = 1'024;

absl::Status check_amounts(const base::ResourceSet& resources) {
  for (const auto& [name, units] : resources.all_units()) {
    if (units <= 0 || name.empty()) return absl::InvalidArgumentError("a resource below zero");
  }
  return absl::OkStatus();
}

// Decodes and hands on; the handler may return nothing where nothing can be wrong.
template <class M, class Handler>
absl::Status handle(const ipc::Message& message, Handler handler) {
  RAY_ASSIGN_OR_RETURN(M decoded, ipc::decode_typed<M>(message.bytes));
  if constexpr (std::is_void_v<decltype(handler(std::move(decoded)))>) {
    handler(std::move(decoded));
    return absl::OkStatus();
  } else {
    return handler(std::move(decoded));
  }
}

// "K=V" entries, of which `variables` win.
std::vector<std::string> merged(const std::vector<std::string>& environment,
                                const std::map<std::string, std::string>& variables) {
  std::vector<std::string> result;
  for (const std::string& entry : environment) {
    if (!variables.contains(entry.substr(0, entry.find('=')))) result.push_back(entry);
  }
  for (const auto& [name, value] : variables) result.push_back(base::concat(name, "=", value));
  return result;
}

}  // namespace

absl::Status Raylet::on_request(Process& process, const ipc::Message& message) {
  const std::uint16_t number = ipc::type_of(message.bytes);
  const auto type = static_cast<MessageType>(number);
  if (type >= MessageType::store_first && type <= MessageType::store_last) {
    return on_store_message(process, message);
  }
  const base::ProcessId id = process.id;
  switch (type) {
    case MessageType::lease_demand:
      return handle<ipc::LeaseDemand>(
          message, [&](ipc::LeaseDemand m) { return on_demand(process, std::move(m)); });
    case MessageType::return_lease:
      return handle<ipc::ReturnLease>(message, [&](auto m) { on_return_lease(process, m); });
    case MessageType::blocked:
      return handle<ipc::Blocked>(message, [&](auto) { apply(leases_.blocked(id, Clock::now())); });
    case MessageType::unblocked:
      return handle<ipc::Unblocked>(message,
                                    [&](auto) { apply(leases_.unblocked(id, Clock::now())); });
    case MessageType::open_channel:
      return handle<ipc::OpenChannel>(message, [&](auto m) { on_open_channel(process, m); });
    case MessageType::close_channel:
      return handle<ipc::CloseChannel>(message, [&](auto m) { close_channel(m.channel, id); });
    case MessageType::register_actor:
      return handle<ipc::RegisterActor>(message, [&](auto m) {
        begin_request(process);
        actors_.add(id, process.job, m);
      });
    case MessageType::actor_started:
      return handle<ipc::ActorStarted>(message, [&](auto m) { on_actor_started(process, m); });
    case MessageType::actor_ended:
      return handle<ipc::ActorEnded>(message, [&](auto m) { actors_.ended(m); });
    case MessageType::watch_actor:
      return handle<ipc::WatchActor>(message, [&](auto m) { actors_.watch(id, m); });
    case MessageType::find_actor:
      return handle<ipc::FindActor>(message, [&](auto m) {
        begin_request(process);
        actors_.find(id, m);
      });
    case MessageType::kill_actor:
      return handle<ipc::KillActor>(message, [&](auto m) { actors_.kill(m); });
    case MessageType::kill_worker:
      return handle<ipc::KillWorker>(message, [&](auto m) { on_kill_worker(process, m); });
    case MessageType::query_cluster:
      return handle<ipc::QueryCluster>(message, [&](auto m) { on_query(process, m); });
    case MessageType::exit_declined:
      return handle<ipc::ExitDeclined>(message, [&](auto) { on_exit_declined(process); });
    case MessageType::disconnect:
      return handle<ipc::Disconnect>(message, [&](auto) {
        if (process.kind == ipc::ProcessKind::driver) end_job(process.job, true);
      });
    default:
      return absl::InvalidArgumentError(base::concat("message type ", number, " is not known"));
  }
}

absl::Status Raylet::on_demand(Process& process, ipc::LeaseDemand message) {
  RAY_RETURN_IF_ERROR(check_amounts(message.resources));
  RAY_RETURN_IF_ERROR(check_amounts(message.placement));
  if (message.wanted > kWantedMax) return absl::InvalidArgumentError("too many leases wanted");
  if (message.scheduling_class >= options_.scheduling_classes_max) {
    return absl::InvalidArgumentError("too many scheduling classes");
  }
  log_.debug("process ", process.pid, " wants ", message.wanted, " more of class ",
             message.scheduling_class, " (", message.label, ")");
  scheduling::Demand demand;
  demand.wanted = message.wanted;
  if (message.wanted > 0) {
    const absl::StatusOr<scheduling::PoolKey> pool = pool_of(process, message.environment);
    if (absl::IsFailedPrecondition(pool.status())) return absl::OkStatus();  // its job has ended
    if (pool.ok()) demand.pool = *pool;
    demand.unplaceable = pool.ok() ? why_unplaceable(message)
                                   : base::concat(message.label, ": ", pool.status().message());
  }
  demand.actor = message.actor;
  demand.resources = std::move(message.resources);
  demand.placement = std::move(message.placement);
  demand.label = std::move(message.label);
  apply(leases_.set_demand(process.id, message.scheduling_class, demand, Clock::now()));
  return absl::OkStatus();
}

absl::StatusOr<scheduling::PoolKey> Raylet::pool_of(const Process& process,
                                                    const ipc::RuntimeEnvironment& environment) {
  // What is not said is inherited: from the worker that asks, else from the driver.
  EnvironmentKey key;
  for (const auto& [known, its_number] : environments_) {
    if (process.pool.environment == its_number) key = known;
  }
  for (const auto& [name, value] : environment.variables) key.first[name] = value;
  if (!environment.working_folder.empty()) key.second = environment.working_folder;
  std::uint64_t number = 0;
  if (key != EnvironmentKey()) {
    const auto known = environments_.find(key);
    if (known == environments_.end() && environments_.size() >= options_.environments_max) {
      return absl::ResourceExhaustedError("this node has seen too many runtime environments");
    }
    number = environments_.try_emplace(key, environments_.size() + 1).first->second;
  }
  const scheduling::PoolKey pool{process.job, number};
  if (zygotes_.defines(pool)) return pool;
  const auto job = jobs_.find(process.job);
  if (job == jobs_.end() || job->second.state == Job::State::ending) {
    return absl::FailedPreconditionError("its job has ended");
  }
  WorkerProgram program = job->second.program;
  program.environment = merged(program.environment, key.first);
  if (!key.second.empty()) program.working_folder = key.second;
  zygotes_.define(pool, std::move(program));
  return pool;
}

std::string Raylet::why_unplaceable(const ipc::LeaseDemand& message) const {
  const ipc::Scheduling& scheduling = message.scheduling;
  if (scheduling.soft) return "";
  if (scheduling.kind == ipc::Scheduling::Kind::node &&
      scheduling.node != to_string(options_.node)) {
    return base::concat(message.label, " is to run on node ", scheduling.node,
                        ", which is not in the cluster");
  }
  if (scheduling.kind != ipc::Scheduling::Kind::labels) return "";
  for (const auto& [name, value] : scheduling.labels) {
    const auto own = options_.labels.find(name);
    if (own != options_.labels.end() && own->second == value) continue;
    return base::concat(message.label, " is to run on a node labelled ", name, "=", value,
                        "; there is none");
  }
  return "";
}

void Raylet::on_return_lease(Process& process, const ipc::ReturnLease& message) {
  log_.debug("process ", process.pid, " returns lease ", message.lease);
  const base::LeaseId lease{message.lease};
  const std::optional<base::ProcessId> worker = leases_.leased_worker(process.id, lease);
  const auto channel = lease_channels_.find(lease);
  if (channel != lease_channels_.end()) {
    const std::uint32_t index = channel->second;
    if (worker && !message.exit_worker) send(*worker, ipc::LeaseEnded{lease.value, index});
    close_channel(index, process.id);
  }
  apply(leases_.lease_returned(process.id, lease, message.exit_worker, Clock::now()));
}

void Raylet::on_open_channel(Process& process, const ipc::OpenChannel& message) {
  ipc::ChannelOpened answer;
  answer.request = message.request;
  answer.initiator = true;
  answer.peer = message.peer;
  answer.purpose = message.purpose;
  Process* peer = find(base::ProcessId{message.peer});
  if (peer == nullptr || !peer->greeted || peer->gone) {
    answer.error = "that process has ended";
    return process.connection->send(answer);
  }
  const absl::StatusOr<std::uint32_t> channel = allocator_.take_channel();
  if (!channel.ok()) {
    answer.error = std::string(channel.status().message());
    return process.connection->send(answer);
  }
  channels_.open(*channel, process.id, peer->id);
  answer.channel = *channel;
  answer.peer_index = peer->fabric_index;
  ipc::ChannelOpened other = answer;
  other.request = 0;
  other.initiator = false;
  other.peer = process.id.value;
  other.peer_index = process.fabric_index;
  peer->connection->send(other);
  process.connection->send(answer);
}

void Raylet::on_actor_started(Process& process, const ipc::ActorStarted& message) {
  const base::ProcessId worker{message.worker};
  const std::optional<base::LeaseId> lease = leases_.lease_of(worker);
  if (!lease || leases_.leased_worker(process.id, *lease) != worker) {
    // It died before this was said, maybe in its constructor: a death like any other, which the
    // actor's restarts answer.
    actors_.started(message);
    actors_.worker_died(worker, "its worker died as it started");
    return;
  }
  apply(leases_.actor_started(worker, Clock::now()));
  actors_.started(message);
}

void Raylet::on_kill_worker(Process& process, const ipc::KillWorker& message) {
  const std::optional<base::ProcessId> worker =
      leases_.leased_worker(process.id, base::LeaseId{message.lease});
  Process* target = worker ? find(*worker) : nullptr;
  if (target == nullptr) return;
  target->expected = true;
  kill(*target, "its task was cancelled by force");
}

void Raylet::on_exit_declined(Process& process) {
  if (!process.expected) return;
  process.expected = false;
  set_timer(process, 0, nullptr);
  apply(leases_.exit_declined(process.id, Clock::now()));
}

void Raylet::begin_request(Process& process) {
  if (++process.unanswered >= kUnansweredMax) process.connection->set_paused(true);
}

void Raylet::end_request(base::ProcessId id) {
  Process* process = find(id);
  if (process == nullptr) return;
  if (--process->unanswered < kUnansweredMax / 2) process->connection->set_paused(false);
}

void Raylet::on_query(Process& process, const ipc::QueryCluster& message) {
  begin_request(process);
  gcs_.list_nodes([this, id = process.id, request = message.request](
                      const absl::StatusOr<std::vector<rpc::NodeRecord>>& nodes) {
    ipc::ClusterState state;
    state.request = request;
    for (const rpc::NodeRecord& node : nodes.value_or(std::vector<rpc::NodeRecord>{})) {
      state.nodes.push_back(ipc::NodeState{.id = to_string(node.id),
                                           .address = node.address,
                                           .alive = node.alive,
                                           .resources = node.resources,
                                           .labels = node.labels});
      if (!node.alive) continue;
      const bool here = node.id == options_.node;
      for (const auto& [name, amount] : node.resources) state.total[name] += amount;
      for (const auto& [name, amount] : here ? leases_.available().to_map() : node.available) {
        state.available[name] += amount;
      }
    }
    answer(id, state);
  });
}

absl::Status Raylet::on_store_message(Process& process, const ipc::Message& message) {
  RAY_ASSIGN_OR_RETURN(const object_store::ClientMessage decoded,
                       object_store::decode_client_packet(message.bytes));
  deliver(store_->handle(process.id, decoded, base::monotonic_ns()));
  return absl::OkStatus();
}

ActorDirectory::Events Raylet::actor_events() {
  return ActorDirectory::Events{
      .changed =
          [this](base::ProcessId watcher, ipc::ActorState state) {
            const Process* worker = find(base::ProcessId{state.worker});
            if (worker != nullptr) state.worker_index = worker->fabric_index;
            send(watcher, state);
          },
      .end_worker =
          [this](base::ProcessId worker, const std::string& cause, bool at_once) {
            Process* process = find(worker);
            if (process == nullptr) return;
            process->expected = true;
            if (at_once) return kill(*process, cause);
            ask_to_exit(*process, cause, false);
          },
      .detached = [this](base::ProcessId worker) { leases_.detach(worker); },
      .registered = [this](base::ProcessId to, ipc::ActorRegistered m) { answer(to, m); },
      .found = [this](base::ProcessId to, ipc::ActorFound m) { answer(to, m); },
  };
}

}  // namespace ray::raylet
