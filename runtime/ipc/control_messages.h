// The control protocol: what a driver or a worker and the raylet of its node tell each other over
// one SOCK_SEQPACKET unix socket, one message a packet, in the form of typed_message.h: behind a
// MessageType. Task arguments, results and object bytes never travel here: they go through the
// channels of ipc/fabric.h, which these messages open and close, and through the object store,
// whose messages (types 100-199) are in object_store/store_messages.h.
//
// Flow of a task: LeaseDemand -> LeaseGranted (to the owner) and WorkerLeased (to the worker): from
// then on owner and worker speak through the channel alone, until ReturnLease. Of an actor: the
// owner does the same with `actor` set, runs the constructor through that channel, then says
// ActorStarted; other holders of the handle learn of it by WatchActor and open channels of their
// own. Borrowers reach an object's owner through a channel of purpose `peer`.
//
// A channel belongs to two processes, and is free once both are done with it: by CloseChannel, by
// ReturnLease for the owner of a lease, or by death.
//
// A request that has an answer carries `request`, unique per connection; the answer repeats it. The
// raylet answers each exactly once. Loss of the socket is the death of the peer: for a worker the
// end (PDEATHSIG is behind it), for a driver an error in every wait.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/base/resources.h"

namespace ray::ipc {

inline constexpr std::uint32_t kControlVersion = 1;

enum class MessageType : std::uint16_t {
  // A client's, to the raylet.
  hello = 1,
  lease_demand = 2,
  return_lease = 3,
  blocked = 4,
  unblocked = 5,
  open_channel = 6,
  close_channel = 7,
  register_actor = 8,
  actor_started = 9,
  actor_ended = 10,
  watch_actor = 11,
  find_actor = 12,
  kill_actor = 13,
  kill_worker = 14,
  query_cluster = 15,
  disconnect = 16,
  exit_declined = 17,
  // The raylet's, to a client.
  welcome = 50,
  lease_granted = 51,
  lease_infeasible = 52,
  reclaim_idle = 53,
  worker_leased = 54,
  channel_opened = 55,
  process_died = 56,
  actor_registered = 57,
  actor_state = 58,
  actor_found = 59,
  cluster_state = 60,
  disconnected = 61,
  exit_worker = 62,
  lease_ended = 63,
  blocked_at_limit = 64,
  notice = 65,
  store_first = 100,
  store_last = 199,
};

enum class ProcessKind : std::uint8_t { driver, worker };

// An ObjectId as it stands in messages; actors are named by one too.
struct WireId {
  std::uint64_t owner = 0;
  std::uint64_t sequence = 0;
  std::uint32_t slot = 0;
  auto fields() { return std::tie(owner, sequence, slot); }
  friend auto operator<=>(const WireId&, const WireId&) = default;
};

// First message of every connection. A driver attaches its executable's descriptor, of which the
// raylet makes zygotes; a worker attaches nothing.
struct Hello {
  static constexpr auto kType = MessageType::hello;
  std::uint32_t version = kControlVersion;
  ProcessKind kind = ProcessKind::driver;
  std::int32_t pid = 0;
  std::uint64_t startup_token = 0;  // worker: what its raylet spawned it with
  std::uint64_t registry_hash = 0;  // of the remote functions' keys: drivers and workers must agree
  std::string name;                 // the program, for messages
  std::string name_space;           // driver: for named actors
  std::string working_folder;       // driver: where its workers start
  std::vector<std::string> arguments;    // driver: argv of the workers
  std::vector<std::string> environment;  // driver: "K=V", of the zygotes
  auto fields() {
    return std::tie(version, kind, pid, startup_token, registry_hash, name, name_space,
                    working_folder, arguments, environment);
  }
};

// Attached: the fabric's memfd, the store's memfd. An `error` other than "" ends the connection.
struct Welcome {
  static constexpr auto kType = MessageType::welcome;
  std::string error;
  std::uint64_t process = 0;
  std::uint64_t job = 0;
  std::uint64_t node = 0;
  std::uint32_t fabric_index = 0;  // of this process' bell
  std::uint32_t cpus = 0;
  std::int32_t raylet_pid = 0;
  std::string name_space;
  std::string session_folder;
  std::string log_folder;  // where the job's workers write worker-<pid>.out and .err
  auto fields() {
    return std::tie(error, process, job, node, fabric_index, cpus, raylet_pid, name_space,
                    session_folder, log_folder);
  }
};

struct Scheduling {
  enum class Kind : std::uint8_t { hybrid, spread, node, labels };
  Kind kind = Kind::hybrid;
  std::string node;
  bool soft = false;
  std::map<std::string, std::string> labels;
  auto fields() { return std::tie(kind, node, soft, labels); }
};

struct RuntimeEnvironment {
  std::map<std::string, std::string> variables;
  std::string working_folder;
  auto fields() { return std::tie(variables, working_folder); }
};

// Absolute, not a difference: "for this class of mine I want `wanted` more workers than I have".
// 0 withdraws it. One grant lowers it by one on both sides.
struct LeaseDemand {
  static constexpr auto kType = MessageType::lease_demand;
  std::uint32_t scheduling_class = 0;  // the owner's own number
  std::uint32_t wanted = 0;
  bool actor = false;           // the worker is the actor's until it ends
  base::ResourceSet resources;  // what a task holds while it runs
  base::ResourceSet placement;  // actor: needed to place it, held until it has started
  Scheduling scheduling;
  RuntimeEnvironment environment;
  std::string label;  // "retrieve", for messages
  auto fields() {
    return std::tie(scheduling_class, wanted, actor, resources, placement, scheduling, environment,
                    label);
  }
};

// Closes the owner's end of the lease's channel: it will not touch the channel again.
struct ReturnLease {
  static constexpr auto kType = MessageType::return_lease;
  std::uint64_t lease = 0;
  bool exit_worker = false;  // max_calls reached, or its state is not to be used again
  auto fields() { return std::tie(lease, exit_worker); }
};

// From a worker: the body that runs waits in get or wait. Its CPUs are given to others meanwhile.
struct Blocked {
  static constexpr auto kType = MessageType::blocked;
  auto fields() { return std::tie(); }
};
struct Unblocked {
  static constexpr auto kType = MessageType::unblocked;
  auto fields() { return std::tie(); }
};

enum class ChannelPurpose : std::uint8_t { tasks, actor_calls, peer };

// Asks for a channel to another process of the node; the answer is ChannelOpened to both.
struct OpenChannel {
  static constexpr auto kType = MessageType::open_channel;
  std::uint64_t request = 0;
  std::uint64_t peer = 0;
  ChannelPurpose purpose = ChannelPurpose::peer;
  auto fields() { return std::tie(request, peer, purpose); }
};
struct CloseChannel {
  static constexpr auto kType = MessageType::close_channel;
  std::uint32_t channel = 0;
  auto fields() { return std::tie(channel); }
};

struct RegisterActor {
  static constexpr auto kType = MessageType::register_actor;
  std::uint64_t request = 0;
  WireId actor;
  std::string class_name;
  std::string name;  // "" has none
  std::string name_space;
  bool detached = false;
  bool get_if_exists = false;
  std::int32_t max_restarts = 0;
  std::int32_t max_task_retries = 0;
  std::string layout;  // of what its methods take and give, where it has a name
  auto fields() {
    return std::tie(request, actor, class_name, name, name_space, detached, get_if_exists,
                    max_restarts, max_task_retries, layout);
  }
};
// From the owner: its constructor has run in `worker`.
struct ActorStarted {
  static constexpr auto kType = MessageType::actor_started;
  WireId actor;
  std::uint64_t worker = 0;
  auto fields() { return std::tie(actor, worker); }
};
// From the owner (no handle is left, its constructor threw) or its worker (exit_actor()).
struct ActorEnded {
  static constexpr auto kType = MessageType::actor_ended;
  WireId actor;
  std::string cause;
  auto fields() { return std::tie(actor, cause); }
};
// Answered by ActorState at once and at every change.
struct WatchActor {
  static constexpr auto kType = MessageType::watch_actor;
  WireId actor;
  auto fields() { return std::tie(actor); }
};
struct FindActor {
  static constexpr auto kType = MessageType::find_actor;
  std::uint64_t request = 0;
  std::string name;
  std::string name_space;
  auto fields() { return std::tie(request, name, name_space); }
};
struct KillActor {
  static constexpr auto kType = MessageType::kill_actor;
  WireId actor;
  bool no_restart = true;
  auto fields() { return std::tie(actor, no_restart); }
};
// From the owner that holds the lease: SIGKILL (cancel with force).
struct KillWorker {
  static constexpr auto kType = MessageType::kill_worker;
  std::uint64_t lease = 0;
  auto fields() { return std::tie(lease); }
};
struct QueryCluster {
  static constexpr auto kType = MessageType::query_cluster;
  std::uint64_t request = 0;
  auto fields() { return std::tie(request); }
};
// From a driver: orderly end. Its workers are gone when Disconnected comes.
struct Disconnect {
  static constexpr auto kType = MessageType::disconnect;
  auto fields() { return std::tie(); }
};
// From a worker: the answer to ExitWorker{if_unneeded}; it owns what others hold.
struct ExitDeclined {
  static constexpr auto kType = MessageType::exit_declined;
  auto fields() { return std::tie(); }
};

struct LeaseGranted {
  static constexpr auto kType = MessageType::lease_granted;
  std::uint32_t scheduling_class = 0;
  std::uint64_t lease = 0;
  std::uint64_t worker = 0;
  std::int32_t worker_pid = 0;
  std::uint32_t channel = 0;
  std::uint32_t worker_index = 0;  // fabric index: whose bell to ring
  auto fields() {
    return std::tie(scheduling_class, lease, worker, worker_pid, channel, worker_index);
  }
};
// The demand stays; this is for one warning to the user: "retrieve needs {GPU: 4}; no node has it".
// With `environment` there never will be a worker in the runtime environment that it asks for: the
// demand is gone, and its tasks fail.
struct LeaseInfeasible {
  static constexpr auto kType = MessageType::lease_infeasible;
  std::uint32_t scheduling_class = 0;
  std::string reason;
  bool environment = false;
  auto fields() { return std::tie(scheduling_class, reason, environment); }
};
// Another owner, or another class of this one, waits: leases without work are to be returned now,
// not after their idle time. Comes again every 100 ms while somebody waits. With `even_busy` the
// owner holds more than its share for that long: one lease with work left is to come back too, as
// soon as what its worker has begun is done.
struct ReclaimIdle {
  static constexpr auto kType = MessageType::reclaim_idle;
  bool even_busy = false;
  auto fields() { return std::tie(even_busy); }
};
// To the worker: serve `channel` for `owner`.
struct WorkerLeased {
  static constexpr auto kType = MessageType::worker_leased;
  std::uint64_t lease = 0;
  std::uint64_t owner = 0;
  std::uint32_t channel = 0;
  std::uint32_t owner_index = 0;
  bool actor = false;
  base::ResourceSet resources;
  std::vector<std::int32_t> gpu_ids;
  auto fields() { return std::tie(lease, owner, channel, owner_index, actor, resources, gpu_ids); }
};
// To both ends. `initiator` writes the request ring. To the initiator `request` is its own; where
// the peer is gone, `error` says so and there is no channel.
struct ChannelOpened {
  static constexpr auto kType = MessageType::channel_opened;
  std::uint64_t request = 0;
  bool initiator = false;
  std::uint64_t peer = 0;
  std::uint32_t channel = 0;
  std::uint32_t peer_index = 0;
  ChannelPurpose purpose = ChannelPurpose::peer;
  std::string error;
  auto fields() { return std::tie(request, initiator, peer, channel, peer_index, purpose, error); }
};
// To every process that has a channel with it. The receiver reads what is left in each and then
// says CloseChannel.
struct ProcessDied {
  static constexpr auto kType = MessageType::process_died;
  std::uint64_t process = 0;
  std::int32_t pid = 0;
  bool expected = false;  // told to exit, or returned with exit_worker
  std::string cause;      // "killed by signal 9 (Killed)", "exited with status 3"
  auto fields() { return std::tie(process, pid, expected, cause); }
};
struct ActorRegistered {
  static constexpr auto kType = MessageType::actor_registered;
  std::uint64_t request = 0;
  std::optional<WireId> existing;  // get_if_exists found it
  std::string error;               // the name is taken
  auto fields() { return std::tie(request, existing, error); }
};
struct ActorState {
  static constexpr auto kType = MessageType::actor_state;
  enum class State : std::uint8_t { pending, alive, restarting, dead };
  WireId actor;
  State state = State::pending;
  std::uint64_t worker = 0;  // where alive
  std::uint32_t worker_index = 0;
  std::uint32_t restarts = 0;
  std::int32_t max_task_retries = 0;  // of every caller
  std::string cause;                  // where dead
  auto fields() {
    return std::tie(actor, state, worker, worker_index, restarts, max_task_retries, cause);
  }
};
struct ActorFound {
  static constexpr auto kType = MessageType::actor_found;
  std::uint64_t request = 0;
  std::optional<WireId> actor;
  std::string class_name;
  std::string layout;  // as registered
  auto fields() { return std::tie(request, actor, class_name, layout); }
};
struct NodeState {
  std::string id;
  std::string address;
  bool alive = true;
  std::map<std::string, double> resources;
  std::map<std::string, std::string> labels;
  auto fields() { return std::tie(id, address, alive, resources, labels); }
};
struct ClusterState {
  static constexpr auto kType = MessageType::cluster_state;
  std::uint64_t request = 0;
  std::vector<NodeState> nodes;
  std::map<std::string, double> total;
  std::map<std::string, double> available;
  auto fields() { return std::tie(request, nodes, total, available); }
};
struct Disconnected {
  static constexpr auto kType = MessageType::disconnected;
  auto fields() { return std::tie(); }
};
// Orderly: static destructors run, then the process ends; SIGKILL after a second. With
// `if_unneeded` a worker that owns objects which others hold answers ExitDeclined and lives on.
struct ExitWorker {
  static constexpr auto kType = MessageType::exit_worker;
  std::string reason;
  bool if_unneeded = false;
  auto fields() { return std::tie(reason, if_unneeded); }
};
// To the worker: the owner has returned the lease. The worker answers with CloseChannel once it has
// read what is left; it may be leased again before that, with another channel.
struct LeaseEnded {
  static constexpr auto kType = MessageType::lease_ended;
  std::uint64_t lease = 0;
  std::uint32_t channel = 0;
  auto fields() { return std::tie(lease, channel); }
};
// To every blocked worker once there are more of them than the bound: what can be run in place
// should be. New workers come slowly from here on.
struct BlockedAtLimit {
  static constexpr auto kType = MessageType::blocked_at_limit;
  auto fields() { return std::tie(); }
};
// To a driver: a line for the user's terminal.
struct Notice {
  static constexpr auto kType = MessageType::notice;
  std::string text;
  auto fields() { return std::tie(text); }
};

}  // namespace ray::ipc
