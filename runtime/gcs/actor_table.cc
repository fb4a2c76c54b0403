#include "runtime/gcs/actor_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ray::gcs {
namespace {

using base::ObjectId;
using base::ProcessId;
using State = rpc::ActorRecord::State;

constexpr char kOwnerDied[] = "its owner has died";

}  // namespace

absl::StatusOr<std::optional<ObjectId>> ActorTable::add(const Record& actor, bool get_if_exists) {
  if (!actor.name.empty()) {
    const auto taken = names_.find({actor.name_space, actor.name});
    if (taken != names_.end() && get_if_exists) return taken->second;
    if (taken != names_.end()) {
      return absl::AlreadyExistsError(absl::StrCat(
          "an actor named \"", actor.name, "\" exists in namespace \"", actor.name_space, "\""));
    }
  }
  if (dead_owners_.contains(actor.id.owner)) return absl::FailedPreconditionError(kOwnerDied);
  Record record = actor;
  record.state = State::pending;
  if (!actors_.emplace(actor.id, record).second) {
    return absl::AlreadyExistsError("this actor is registered already");
  }
  if (!actor.name.empty()) names_[{actor.name_space, actor.name}] = actor.id;
  return std::nullopt;
}

absl::StatusOr<ActorTable::Changes> ActorTable::started(ObjectId actor, base::NodeId node,
                                                        ProcessId worker) {
  const auto it = actors_.find(actor);
  if (it == actors_.end()) return absl::NotFoundError("no such actor");
  Record& record = it->second;
  if (record.state == State::dead) return absl::FailedPreconditionError(record.cause);
  if (record.state == State::alive) return absl::AlreadyExistsError("this actor runs already");
  record.state = State::alive;
  record.node = node;
  record.worker = worker;
  return Changes{record};
}

ActorTable::Changes ActorTable::lost(ObjectId actor, ProcessId worker, const std::string& cause) {
  Changes changes;
  const auto it = actors_.find(actor);
  if (it == actors_.end() || it->second.state != State::alive || it->second.worker != worker) {
    return changes;
  }
  lose(it->second, cause, changes);
  return changes;
}

ActorTable::Changes ActorTable::ended(ObjectId actor, const std::string& cause) {
  Changes changes;
  const auto it = actors_.find(actor);
  if (it != actors_.end() && it->second.state != State::dead) die(it->second, cause, changes);
  return changes;
}

ActorTable::Changes ActorTable::owner_died(ProcessId owner) {
  Changes changes;
  if (!dead_owners_.insert(owner).second) return changes;
  dead_owners_in_order_.push_back(owner);
  if (dead_owners_in_order_.size() > 10 * dead_max_) {
    dead_owners_.erase(dead_owners_in_order_.front());
    dead_owners_in_order_.pop_front();
  }
  // Ids are ordered by owner.
  std::vector<ObjectId> owned;
  for (auto it = actors_.lower_bound(ObjectId{owner}); it != actors_.end(); ++it) {
    if (it->first.owner != owner) break;
    owned.push_back(it->first);
  }
  for (const ObjectId& id : owned) {
    Record& record = actors_.at(id);
    if (record.state == State::dead) continue;
    if (record.detached && record.state == State::alive) {
      record.max_restarts = 0;  // nobody is left who could construct it again
    } else {
      die(record, kOwnerDied, changes);
    }
  }
  return changes;
}

ActorTable::Changes ActorTable::node_died(base::NodeId node) {
  Changes changes;
  std::vector<ObjectId> there;
  for (const auto& [id, record] : actors_) {
    if (record.state == State::alive && record.node == node) there.push_back(id);
  }
  for (const ObjectId& id : there) lose(actors_.at(id), "its node has died", changes);
  return changes;
}

ActorTable::Record ActorTable::look_up(ObjectId actor) const {
  const auto it = actors_.find(actor);
  if (it != actors_.end()) return it->second;
  Record unknown;
  unknown.id = actor;
  if (dead_owners_.contains(actor.owner)) {
    unknown.state = State::dead;
    unknown.cause = kOwnerDied;
  }
  return unknown;
}

std::optional<ActorTable::Record> ActorTable::find(const std::string& name_space,
                                                   const std::string& name) const {
  const auto it = names_.find({name_space, name});
  if (it == names_.end()) return std::nullopt;
  return actors_.at(it->second);
}

std::size_t ActorTable::alive_or_pending() const { return actors_.size() - dead_.size(); }

void ActorTable::die(Record& record, const std::string& cause, Changes& changes) {
  record.state = State::dead;
  record.worker = {};
  record.node = {};
  record.cause = cause;
  changes.push_back(record);
  if (!record.name.empty()) names_.erase({record.name_space, record.name});
  dead_.push_back(record.id);
  if (dead_.size() > dead_max_) {
    actors_.erase(dead_.front());
    dead_.pop_front();
  }
}

void ActorTable::lose(Record& record, const std::string& cause, Changes& changes) {
  const bool may_restart =
      record.max_restarts < 0 || record.restarts < static_cast<std::uint32_t>(record.max_restarts);
  if (!may_restart) return die(record, cause, changes);
  record.state = State::restarting;
  record.worker = {};
  record.node = {};
  ++record.restarts;
  changes.push_back(record);
}

}  // namespace ray::gcs
