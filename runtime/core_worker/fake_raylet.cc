#include "runtime/core_worker/fake_raylet.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"

namespace ray::core_worker {
namespace {

constexpr std::int64_t kSendTimeoutNs = 10'000'000'000;

base::UniqueFd copy_of(int fd) { return base::UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

}  // namespace

template <class M>
void FakeRaylet::send(std::uint64_t id, const M& message) {
  const auto process = processes_.find(id);
  if (process == processes_.end()) return;
  (void)process->second.socket->send(ipc::encode_typed(message), {}, kSendTimeoutNs);
}

FakeRaylet::FakeRaylet(int cpus, StartWorker start_worker)
    : cpus_(cpus), start_worker_(std::move(start_worker)) {
  auto fabric = ipc::Fabric::create({.processes = 64, .channels = 256});
  CHECK(fabric.ok());
  fabric_ = std::make_unique<ipc::Fabric>(*std::move(fabric));
  indices_ = std::make_unique<ipc::FabricAllocator>(*fabric_);
  auto store = object_store::StoreHost::create(
      {.capacity = 64 << 20, .clients_max = 64, .populate_bytes_min = 0});
  CHECK(store.ok());
  store_ = *std::move(store);
  thread_ = std::thread([this] { loop_.run(); });
}

FakeRaylet::~FakeRaylet() {
  loop_.stop();
  thread_.join();
}

void FakeRaylet::call(const std::function<void()>& action) {
  std::promise<void> done;
  loop_.post([&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

base::UniqueFd FakeRaylet::connect() {
  auto sockets = ipc::UnixSocket::pair();
  CHECK(sockets.ok());
  auto server = std::make_shared<ipc::UnixSocket>(std::move(sockets->second));
  loop_.post([this, server] {
    const std::uint64_t id = next_id_++;
    processes_[id].socket = std::make_unique<ipc::UnixSocket>(std::move(*server));
    add(id);
  });
  return copy_of(sockets->first.fd());
}

void FakeRaylet::add(std::uint64_t id) {
  const int fd = processes_[id].socket->fd();
  CHECK(loop_.add(fd, EPOLLIN, [this, id](std::uint32_t) { readable(id); }).ok());
}

void FakeRaylet::readable(std::uint64_t id) {
  for (;;) {
    const auto process = processes_.find(id);
    if (process == processes_.end()) return;
    absl::StatusOr<ipc::Message> message = process->second.socket->try_receive();
    if (absl::IsDeadlineExceeded(message.status())) return;
    if (!message.ok()) return remove(id, "closed its socket");
    handle(id, message->bytes);
  }
}

void FakeRaylet::remove(std::uint64_t id, const std::string& cause) {
  const auto process = processes_.find(id);
  if (process == processes_.end()) return;
  loop_.remove(process->second.socket->fd());
  processes_.erase(process);
  std::erase_if(leases_, [&](const auto& lease) {
    return lease.second.worker == id || lease.second.owner == id;
  });
  std::erase_if(demands_, [&](const Demand& demand) { return demand.owner == id; });
  for (const auto& [other, entry] : processes_) {
    if (!entry.welcomed) continue;
    send(other, ipc::ProcessDied{.process = id, .cause = cause});
  }
  actor_lost(id, cause);
  send_store(store_->unregister_client(base::ProcessId{id}, base::monotonic_ns()));
  schedule();
}

void FakeRaylet::declare_a_worker_dead(const std::string& cause) {
  call([&] {
    CHECK(!leases_.empty());
    remove(leases_.begin()->second.worker, cause);
  });
}

void FakeRaylet::set_blocked_max(int max) {
  call([&] { blocked_max_ = max; });
}

int FakeRaylet::blocked() const {
  return static_cast<int>(std::count_if(processes_.begin(), processes_.end(),
                                        [](const auto& p) { return p.second.blocked; }));
}

void FakeRaylet::block(std::uint64_t id) {
  processes_[id].blocked = true;
  if (blocked() > blocked_max_) {
    for (const auto& [other, process] : processes_) {
      if (process.blocked) send(other, ipc::BlockedAtLimit{});
    }
  }
  schedule();
}

void FakeRaylet::close_all() {
  call([&] {
    for (auto& [id, process] : processes_) loop_.remove(process.socket->fd());
    processes_.clear();
  });
}

std::size_t FakeRaylet::leases() {
  std::size_t count = 0;
  call([&] { count = leases_.size(); });
  return count;
}

std::uint64_t FakeRaylet::stored_objects() {
  std::uint64_t count = 0;
  call([&] {
    send_store(store_->tick(base::monotonic_ns()));
    count = store_->usage().objects;
  });
  return count;
}

void FakeRaylet::send_store(const object_store::StoreHost::Outbox& outbox) {
  for (const auto& outgoing : outbox) {
    std::visit([&](const auto& message) { send(outgoing.process.value, message); },
               outgoing.message);
  }
}

void FakeRaylet::hello(std::uint64_t id, const ipc::Hello& hello) {
  Process& process = processes_[id];
  process.welcomed = true;
  process.worker = hello.kind == ipc::ProcessKind::worker;
  process.index = indices_->take_process().value();
  CHECK(store_->register_client(base::ProcessId{id}, ::getpid()).ok());
  ipc::Welcome welcome;
  welcome.process = id;
  welcome.job = 1;
  welcome.node = 1;
  welcome.fabric_index = process.index;
  welcome.cpus = static_cast<std::uint32_t>(cpus_);
  welcome.raylet_pid = ::getpid();
  const int fds[] = {fabric_->fd(), store_->descriptor()};
  CHECK(process.socket->send(ipc::encode_typed(welcome), fds, kSendTimeoutNs).ok());
  if (process.worker) --starting_;
  schedule();
}

void FakeRaylet::demand(std::uint64_t id, const ipc::LeaseDemand& demand) {
  std::erase_if(demands_, [&](const Demand& known) {
    return known.owner == id && known.demand.scheduling_class == demand.scheduling_class;
  });
  if (demand.wanted != 0) demands_.push_back({id, demand});
  schedule();
}

void FakeRaylet::schedule() {
  for (bool granted = true; granted;) {
    granted = false;
    for (std::size_t i = 0; i < demands_.size(); ++i) {
      if (!grant(demands_[i])) continue;
      granted = true;
      // Owners take turns.
      Demand served = std::move(demands_[i]);
      demands_.erase(demands_.begin() + static_cast<std::ptrdiff_t>(i));
      if (--served.demand.wanted != 0) demands_.push_back(std::move(served));
      break;
    }
  }
}

bool FakeRaylet::grant(Demand& demand) {
  int running = starting_;
  auto worker = processes_.end();
  for (auto it = processes_.begin(); it != processes_.end(); ++it) {
    if (!it->second.worker) continue;
    if (!it->second.leased) {
      worker = it;
    } else if (!it->second.blocked) {
      const bool actor = std::any_of(leases_.begin(), leases_.end(), [&](const auto& lease) {
        return lease.second.worker == it->first && lease.second.actor;
      });
      running += actor ? 0 : 1;
    }
  }
  if (!demand.demand.actor && running - starting_ >= cpus_) return false;
  if (worker == processes_.end()) {
    // One beyond the bound finds out that it is met, and has to go on by itself.
    const bool may_start = blocked() < blocked_max_ || (blocked() == blocked_max_ && running == 0);
    if (demand.demand.actor ? starting_ == 0 : running < cpus_ && may_start) {
      ++starting_;
      start_worker_(connect());
    }
    return false;
  }
  const std::uint64_t lease = next_id_++;
  const std::uint32_t channel = indices_->take_channel().value();
  worker->second.leased = true;
  leases_[lease] = {demand.owner, worker->first, channel, demand.demand.actor};
  ipc::WorkerLeased leased;
  leased.lease = lease;
  leased.owner = demand.owner;
  leased.channel = channel;
  leased.owner_index = processes_[demand.owner].index;
  leased.actor = demand.demand.actor;
  leased.resources = demand.demand.resources;
  if (leased.resources.units(base::kGpu) != 0) leased.gpu_ids = {kGpu};
  send(worker->first, leased);
  send(demand.owner, ipc::LeaseGranted{.scheduling_class = demand.demand.scheduling_class,
                                       .lease = lease,
                                       .worker = worker->first,
                                       .worker_pid = ::getpid(),
                                       .channel = channel,
                                       .worker_index = worker->second.index});
  return true;
}

void FakeRaylet::return_lease(std::uint64_t id, std::uint64_t number) {
  const auto lease = leases_.find(number);
  if (lease == leases_.end() || lease->second.owner != id) return;
  send(lease->second.worker, ipc::LeaseEnded{number, lease->second.channel});
  const auto worker = processes_.find(lease->second.worker);
  if (worker != processes_.end()) worker->second.leased = false;
  leases_.erase(lease);
  schedule();
}

void FakeRaylet::open_channel(std::uint64_t id, const ipc::OpenChannel& request) {
  const auto peer = processes_.find(request.peer);
  if (peer == processes_.end()) {
    return send(id, ipc::ChannelOpened{.request = request.request,
                                       .initiator = true,
                                       .peer = request.peer,
                                       .purpose = request.purpose,
                                       .error = "it has ended"});
  }
  ipc::ChannelOpened opened;
  opened.peer = id;
  opened.channel = indices_->take_channel().value();
  opened.peer_index = processes_[id].index;
  opened.purpose = request.purpose;
  send(request.peer, opened);
  opened.request = request.request;
  opened.initiator = true;
  opened.peer = request.peer;
  opened.peer_index = peer->second.index;
  send(id, opened);
}

void FakeRaylet::change_actor(Actor& actor, ipc::ActorState::State state,
                              const std::string& cause) {
  if (actor.state.state == ipc::ActorState::State::dead) return;
  actor.state.state = state;
  actor.state.cause = cause;
  for (const std::uint64_t watcher : actor.watchers) send(watcher, actor.state);
}

void FakeRaylet::actor_lost(std::uint64_t worker, const std::string& cause) {
  for (auto& [id, actor] : actors_) {
    if (actor.state.worker != worker) continue;
    actor.state.worker = 0;
    const bool again = actor.restarts_left != 0;
    if (again) ++actor.state.restarts;
    if (actor.restarts_left > 0) --actor.restarts_left;
    change_actor(actor, again ? ipc::ActorState::State::restarting : ipc::ActorState::State::dead,
                 cause);
  }
}

void FakeRaylet::handle(std::uint64_t id, std::string_view bytes) {
  auto on = [&]<class M>(auto&& action) {
    if (auto message = ipc::decode_typed<M>(bytes); message.ok()) action(*message);
  };
  using ipc::ActorState;
  on.operator()<ipc::Hello>([&](auto& m) { hello(id, m); });
  on.operator()<ipc::LeaseDemand>([&](auto& m) { demand(id, m); });
  on.operator()<ipc::ReturnLease>([&](auto& m) { return_lease(id, m.lease); });
  on.operator()<ipc::OpenChannel>([&](auto& m) { open_channel(id, m); });
  on.operator()<ipc::Blocked>([&](auto&) { block(id); });
  on.operator()<ipc::Unblocked>([&](auto&) { processes_[id].blocked = false; });
  on.operator()<ipc::RegisterActor>([&](auto& m) {
    Actor& actor = actors_[m.actor];
    actor.state.actor = m.actor;
    actor.restarts_left = m.max_restarts;
    actor.state.max_task_retries = m.max_task_retries;
    ipc::ActorRegistered registered;
    registered.request = m.request;
    send(id, registered);
  });
  on.operator()<ipc::WatchActor>([&](auto& m) {
    Actor& actor = actors_[m.actor];
    actor.state.actor = m.actor;
    actor.watchers.insert(id);
    send(id, actor.state);
  });
  on.operator()<ipc::ActorStarted>([&](auto& m) {
    Actor& actor = actors_[m.actor];
    actor.state.worker = m.worker;
    if (!processes_.contains(m.worker)) return actor_lost(m.worker, "died as it started");
    actor.state.worker_index = processes_[m.worker].index;
    change_actor(actor, ActorState::State::alive, "");
  });
  on.operator()<ipc::ActorEnded>([&](auto& m) {
    Actor& actor = actors_[m.actor];
    const std::uint64_t worker = std::exchange(actor.state.worker, 0);
    change_actor(actor, ActorState::State::dead, m.cause);
    if (worker != 0) send(worker, ipc::ExitWorker{.reason = "its actor has ended"});
  });
  on.operator()<ipc::KillActor>([&](auto& m) {
    Actor& actor = actors_[m.actor];
    if (m.no_restart) actor.restarts_left = 0;
    remove(actor.state.worker, "was killed");
  });
  on.operator()<ipc::QueryCluster>([&](auto& m) {
    ipc::ClusterState state;
    state.request = m.request;
    state.total = {{"CPU", double(cpus_)}};
    send(id, state);
  });
  on.operator()<ipc::Disconnect>([&](auto&) { send(id, ipc::Disconnected{}); });
  if (auto message = object_store::decode_client_packet(bytes); message.ok()) {
    send_store(store_->handle(base::ProcessId{id}, *message, base::monotonic_ns()));
  }
}

}  // namespace ray::core_worker
