// ActorTable knows every actor of the cluster: its state, its place, and who has which name.
//
// Flow: pending -> alive -> (restarting -> alive)* -> dead. Each event returns the records that it
// changed. A name is free again when its actor is dead.
// Threading: a plain value, without I/O. Limits: the last `dead_max` dead actors are remembered;
// one that was forgotten is told from one never seen by the death of its owner.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/rpc/gcs.h"

namespace ray::gcs {

class ActorTable {
 public:
  using Record = rpc::ActorRecord;
  using Changes = std::vector<Record>;

  explicit ActorTable(std::size_t dead_max = 10'000) : dead_max_(dead_max) {}

  // The actor that has the name, where `get_if_exists`; AlreadyExists where not.
  absl::StatusOr<std::optional<base::ObjectId>> add(const Record& actor, bool get_if_exists);
  absl::StatusOr<Changes> started(base::ObjectId actor, base::NodeId node, base::ProcessId worker);
  Changes lost(base::ObjectId actor, base::ProcessId worker, const std::string& cause);
  Changes ended(base::ObjectId actor, const std::string& cause);
  Changes owner_died(base::ProcessId owner);
  Changes node_died(base::NodeId node);

  // What a watcher is to be told now.
  Record look_up(base::ObjectId actor) const;
  std::optional<Record> find(const std::string& name_space, const std::string& name) const;
  std::size_t alive_or_pending() const;

 private:
  void die(Record& record, const std::string& cause, Changes& changes);
  void lose(Record& record, const std::string& cause, Changes& changes);

  const std::size_t dead_max_;
  std::map<base::ObjectId, Record> actors_;
  std::map<std::pair<std::string, std::string>, base::ObjectId> names_;  // {namespace, name}
  std::deque<base::ObjectId> dead_;                                      // oldest first
  std::set<base::ProcessId> dead_owners_;
  std::deque<base::ProcessId> dead_owners_in_order_;
};

}  // namespace ray::gcs
