// ActorDirectory is the raylet's part in the life of actors: it passes what owners say to the GCS,
// tells local watchers of every change, and knows which local worker hosts which actor.
//
// Threading: the loop's thread; answers of the GCS come there too. Ownership: outlives its calls.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "runtime/base/ids.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/rpc/gcs.h"

namespace ray::raylet {

class ActorDirectory {
 public:
  struct Events {
    std::function<void(base::ProcessId watcher, ipc::ActorState)> changed;
    // The actor that the worker hosts is over. `at_once`: somebody killed it.
    std::function<void(base::ProcessId worker, const std::string& cause, bool at_once)> end_worker;
    // The worker needs its owner no more.
    std::function<void(base::ProcessId worker)> detached;
    std::function<void(base::ProcessId to, ipc::ActorRegistered)> registered;
    std::function<void(base::ProcessId to, ipc::ActorFound)> found;
  };

  ActorDirectory(rpc::Gcs& gcs, base::NodeId node, Events events);

  void add(base::ProcessId from, base::JobId job, const ipc::RegisterActor& message);
  // The caller has checked that the sender holds the worker's lease.
  void started(const ipc::ActorStarted& message);
  void ended(const ipc::ActorEnded& message);
  void watch(base::ProcessId from, const ipc::WatchActor& message);
  void find(base::ProcessId from, const ipc::FindActor& message);
  void kill(const ipc::KillActor& message);

  void worker_died(base::ProcessId worker, const std::string& cause);
  // It owns no actors and watches none any more.
  void process_died(base::ProcessId process);

  bool hosts_detached(base::ProcessId worker) const;

 private:
  struct Watched {
    bool known = false;  // `last` is what the GCS says
    rpc::ActorRecord last;
    std::set<base::ProcessId> watchers;
  };

  void observe(base::ObjectId actor, std::optional<base::ProcessId> watcher);
  std::optional<base::ProcessId> host_of(base::ObjectId actor) const;
  void on_change(const rpc::ActorRecord& record);
  void tell(base::ProcessId watcher, const rpc::ActorRecord& record) const;

  rpc::Gcs& gcs_;
  const base::NodeId node_;
  const Events events_;
  std::map<base::ObjectId, Watched> watched_;
  std::map<base::ProcessId, base::ObjectId> hosted_;  // by local worker
};

}  // namespace ray::raylet
