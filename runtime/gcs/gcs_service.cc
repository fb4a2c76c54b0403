#include "runtime/gcs/gcs_service.h"

#include <utility>

namespace ray::gcs {

using rpc::ActorRecord;

GcsService::GcsService(const Options& options, Clock clock)
    : options_(options), clock_(std::move(clock)), nodes_(options.node_silence_max) {}

void GcsService::tick() {
  for (base::NodeId node : nodes_.tick(clock_())) tell(actors_.node_died(node));
}

void GcsService::register_node(const rpc::NodeRecord& node, Finished done) {
  nodes_.add(node, clock_());
  done(absl::OkStatus());
}

void GcsService::report_node(base::NodeId node, const std::map<std::string, double>& available,
                             Finished done) {
  done(nodes_.report(node, available, clock_()));
}

void GcsService::list_nodes(Done<std::vector<rpc::NodeRecord>> done) { done(nodes_.list()); }

void GcsService::start_job(const rpc::JobRecord& job, Finished done) {
  const bool is_new = jobs_.emplace(job.id, job).second;
  done(is_new ? absl::OkStatus() : absl::AlreadyExistsError("this job runs already"));
}

void GcsService::end_job(base::JobId job, Finished done) {
  jobs_.erase(job);
  done(absl::OkStatus());
}

void GcsService::register_actor(const ActorRecord& actor, bool get_if_exists,
                                Done<std::optional<base::ObjectId>> done) {
  done(actors_.add(actor, get_if_exists));
}

void GcsService::actor_started(base::ObjectId actor, base::NodeId node, base::ProcessId worker,
                               Finished done) {
  absl::StatusOr<ActorTable::Changes> changes = actors_.started(actor, node, worker);
  if (changes.ok()) tell(*changes);
  done(changes.status());
}

void GcsService::actor_lost(base::ObjectId actor, base::ProcessId worker, const std::string& cause,
                            Finished done) {
  tell(actors_.lost(actor, worker, cause));
  done(absl::OkStatus());
}

void GcsService::actor_ended(base::ObjectId actor, const std::string& cause, Finished done) {
  tell(actors_.ended(actor, cause));
  done(absl::OkStatus());
}

void GcsService::owner_died(base::ProcessId owner, Finished done) {
  tell(actors_.owner_died(owner));
  // Those that wait for an actor that will never be registered.
  ActorTable::Changes unknown;
  for (auto it = watchers_.lower_bound(base::ObjectId{owner});
       it != watchers_.end() && it->first.owner == owner; ++it) {
    ActorRecord record = actors_.look_up(it->first);
    if (record.state == ActorRecord::State::dead) unknown.push_back(std::move(record));
  }
  tell(unknown);
  done(absl::OkStatus());
}

void GcsService::find_actor(const std::string& name_space, const std::string& name,
                            Done<std::optional<ActorRecord>> done) {
  done(actors_.find(name_space, name));
}

void GcsService::watch_actor(base::ObjectId actor, ActorWatcher watcher) {
  const ActorRecord record = actors_.look_up(actor);
  if (record.state != ActorRecord::State::dead) watchers_[actor].push_back(watcher);
  watcher(record);
}

void GcsService::put_key(const std::string& key, const std::string& value, Finished done) {
  if (key.size() > options_.value_bytes_max || value.size() > options_.value_bytes_max) {
    return done(absl::InvalidArgumentError("key or value too long"));
  }
  keys_[key] = value;
  done(absl::OkStatus());
}

void GcsService::get_key(const std::string& key, Done<std::optional<std::string>> done) {
  const auto it = keys_.find(key);
  done(it == keys_.end() ? std::nullopt : std::optional(it->second));
}

void GcsService::erase_key(const std::string& key, Finished done) {
  keys_.erase(key);
  done(absl::OkStatus());
}

void GcsService::list_keys(const std::string& prefix, Done<std::vector<std::string>> done) {
  std::vector<std::string> found;
  for (auto it = keys_.lower_bound(prefix); it != keys_.end(); ++it) {
    if (!it->first.starts_with(prefix)) break;
    found.push_back(it->first);
  }
  done(std::move(found));
}

// A watcher may watch further actors, so what is iterated is a copy.
void GcsService::tell(const ActorTable::Changes& changes) {
  for (const ActorRecord& record : changes) {
    const auto it = watchers_.find(record.id);
    if (it == watchers_.end()) continue;
    const std::vector<ActorWatcher> watchers = it->second;
    if (record.state == ActorRecord::State::dead) watchers_.erase(it);
    for (const ActorWatcher& watcher : watchers) watcher(record);
  }
}

}  // namespace ray::gcs
