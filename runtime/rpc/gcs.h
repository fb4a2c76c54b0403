// Gcs is what a raylet may ask of the cluster's tables: nodes, jobs, actors, keys. It is
// implemented in process by gcs/gcs_service.h and across processes by rpc/gcs_client.h; a raylet
// does not know which one it has.
//
// Every call is answered through its `done`, exactly once, by the thread that runs the raylet, and
// possibly before the call returns. A Gcs that cannot be reached answers Unavailable.
// Threading: one thread. Ownership: the caller outlives its calls, or the Gcs goes first.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/ids.h"

namespace ray::rpc {

struct NodeRecord {
  base::NodeId id;
  std::string address;  // where its raylet can be reached
  bool alive = true;
  std::map<std::string, double> resources;
  std::map<std::string, double> available;  // as last reported
  std::map<std::string, std::string> labels;
};

struct JobRecord {
  base::JobId id;
  base::NodeId node;
  base::ProcessId driver;
  std::string name;
  bool running = true;
};

struct ActorRecord {
  enum class State : std::uint8_t { pending, alive, restarting, dead };

  base::ObjectId id;
  base::JobId job;
  std::string class_name;
  std::string name;  // "" has none
  std::string name_space;
  bool detached = false;
  std::int32_t max_restarts = 0;      // -1: no limit
  std::int32_t max_task_retries = 0;  // of callers; -1: no limit
  State state = State::pending;
  base::NodeId node;       // where alive
  base::ProcessId worker;  // where alive
  std::uint32_t restarts = 0;
  std::string cause;   // where dead
  std::string layout;  // for the programs that find it by name; opaque here
};

class Gcs {
 public:
  template <class T>
  using Done = std::function<void(absl::StatusOr<T>)>;
  using Finished = std::function<void(absl::Status)>;
  using ActorWatcher = std::function<void(const ActorRecord&)>;

  virtual ~Gcs() = default;

  virtual void register_node(const NodeRecord& node, Finished done) = 0;
  // A node that is silent for long is taken for dead.
  virtual void report_node(base::NodeId node, const std::map<std::string, double>& available,
                           Finished done) = 0;
  virtual void list_nodes(Done<std::vector<NodeRecord>> done) = 0;

  virtual void start_job(const JobRecord& job, Finished done) = 0;
  virtual void end_job(base::JobId job, Finished done) = 0;

  // Gives the actor that has the name already, where `get_if_exists`; else that is AlreadyExists.
  virtual void register_actor(const ActorRecord& actor, bool get_if_exists,
                              Done<std::optional<base::ObjectId>> done) = 0;
  // FailedPrecondition where it is dead by now: its worker is not to live.
  virtual void actor_started(base::ObjectId actor, base::NodeId node, base::ProcessId worker,
                             Finished done) = 0;
  // Its worker has died: it restarts where it may.
  virtual void actor_lost(base::ObjectId actor, base::ProcessId worker, const std::string& cause,
                          Finished done) = 0;
  virtual void actor_ended(base::ObjectId actor, const std::string& cause, Finished done) = 0;
  // Its actors end, detached ones excepted: those do not restart any more.
  virtual void owner_died(base::ProcessId owner, Finished done) = 0;
  virtual void find_actor(const std::string& name_space, const std::string& name,
                          Done<std::optional<ActorRecord>> done) = 0;
  // Calls `watcher` at once and at every change, until the actor is dead. An actor that is not
  // known is pending: its owner may be about to register it.
  virtual void watch_actor(base::ObjectId actor, ActorWatcher watcher) = 0;

  virtual void put_key(const std::string& key, const std::string& value, Finished done) = 0;
  virtual void get_key(const std::string& key, Done<std::optional<std::string>> done) = 0;
  virtual void erase_key(const std::string& key, Finished done) = 0;
  virtual void list_keys(const std::string& prefix, Done<std::vector<std::string>> done) = 0;
};

}  // namespace ray::rpc
