#include "runtime/raylet/actor_directory.h"

#include <utility>

namespace ray::raylet {
namespace {

using base::ObjectId;
using base::ProcessId;
using rpc::ActorRecord;

ObjectId from_wire(const ipc::WireId& id) {
  return ObjectId{ProcessId{id.owner}, id.sequence, id.slot};
}
ipc::WireId to_wire(const ObjectId& id) {
  return ipc::WireId{id.owner.value, id.sequence, id.slot};
}

void ignore(const absl::Status&) {}

}  // namespace

ActorDirectory::ActorDirectory(rpc::Gcs& gcs, base::NodeId node, Events events)
    : gcs_(gcs), node_(node), events_(std::move(events)) {}

void ActorDirectory::add(ProcessId from, base::JobId job, const ipc::RegisterActor& message) {
  ActorRecord record;
  record.id = from_wire(message.actor);
  record.job = job;
  record.class_name = message.class_name;
  record.name = message.name;
  record.name_space = message.name_space;
  record.detached = message.detached;
  record.max_restarts = message.max_restarts;
  record.max_task_retries = message.max_task_retries;
  record.layout = message.layout;
  gcs_.register_actor(record, message.get_if_exists,
                      [this, from, request = message.request,
                       id = record.id](absl::StatusOr<std::optional<ObjectId>> existing) {
                        ipc::ActorRegistered answer{
                            .request = request, .existing = {}, .error = ""};
                        if (!existing.ok()) {
                          answer.error = std::string(existing.status().message());
                        } else if (existing->has_value()) {
                          answer.existing = to_wire(**existing);
                        } else {
                          observe(id, std::nullopt);
                        }
                        events_.registered(from, std::move(answer));
                      });
}

void ActorDirectory::started(const ipc::ActorStarted& message) {
  const ObjectId actor = from_wire(message.actor);
  const ProcessId worker{message.worker};
  hosted_[worker] = actor;
  gcs_.actor_started(actor, node_, worker, [this, actor, worker](const absl::Status& status) {
    const auto it = hosted_.find(worker);
    if (status.ok() || it == hosted_.end() || it->second != actor) return;
    hosted_.erase(it);
    events_.end_worker(worker, std::string(status.message()), true);
  });
}

void ActorDirectory::ended(const ipc::ActorEnded& message) {
  gcs_.actor_ended(from_wire(message.actor), message.cause, ignore);
}

void ActorDirectory::watch(ProcessId from, const ipc::WatchActor& message) {
  const ObjectId actor = from_wire(message.actor);
  const auto known = watched_.find(actor);
  if (known != watched_.end()) {
    known->second.watchers.insert(from);
    if (known->second.known) tell(from, known->second.last);
    return;
  }
  observe(actor, from);
}

void ActorDirectory::find(ProcessId from, const ipc::FindActor& message) {
  gcs_.find_actor(
      message.name_space, message.name,
      [this, from,
       request = message.request](const absl::StatusOr<std::optional<ActorRecord>>& record) {
        ipc::ActorFound answer{.request = request, .actor = {}, .class_name = "", .layout = ""};
        if (record.ok() && record->has_value()) {
          answer.actor = to_wire((*record)->id);
          answer.class_name = (*record)->class_name;
          answer.layout = (*record)->layout;
        }
        events_.found(from, std::move(answer));
      });
}

void ActorDirectory::kill(const ipc::KillActor& message) {
  const ObjectId actor = from_wire(message.actor);
  const std::string cause = "it was killed by ray::kill()";
  const std::optional<ProcessId> host = host_of(actor);
  if (message.no_restart) {
    if (host) hosted_.erase(*host);
    gcs_.actor_ended(actor, cause, ignore);
  }
  if (host) events_.end_worker(*host, cause, true);
}

void ActorDirectory::worker_died(ProcessId worker, const std::string& cause) {
  const auto hosted = hosted_.extract(worker);
  if (!hosted.empty()) gcs_.actor_lost(hosted.mapped(), worker, cause, ignore);
}

void ActorDirectory::process_died(ProcessId process) {
  for (auto& [actor, watched] : watched_) watched.watchers.erase(process);
  gcs_.owner_died(process, ignore);
}

bool ActorDirectory::hosts_detached(ProcessId worker) const {
  const auto hosted = hosted_.find(worker);
  if (hosted == hosted_.end()) return false;
  const auto watched = watched_.find(hosted->second);
  return watched != watched_.end() && watched->second.last.detached;
}

// The GCS tells the state at once, and every change until the actor is dead.
void ActorDirectory::observe(ObjectId actor, std::optional<ProcessId> watcher) {
  const auto [it, is_new] = watched_.try_emplace(actor);
  if (!is_new) return;
  if (watcher) it->second.watchers.insert(*watcher);
  gcs_.watch_actor(actor, [this](const ActorRecord& record) { on_change(record); });
}

void ActorDirectory::on_change(const ActorRecord& record) {
  const auto it = watched_.find(record.id);
  if (it == watched_.end()) return;
  it->second.known = true;
  it->second.last = record;
  const std::set<ProcessId> watchers = it->second.watchers;
  const bool dead = record.state == ActorRecord::State::dead;
  if (dead) watched_.erase(it);
  for (ProcessId watcher : watchers) tell(watcher, record);
  if (record.detached && record.state == ActorRecord::State::alive && record.node == node_) {
    events_.detached(record.worker);
  }
  const std::optional<ProcessId> host = host_of(record.id);
  if (!dead || !host) return;
  hosted_.erase(*host);
  events_.end_worker(*host, record.cause, false);
}

std::optional<ProcessId> ActorDirectory::host_of(ObjectId actor) const {
  for (const auto& [worker, hosted] : hosted_) {
    if (hosted == actor) return worker;
  }
  return std::nullopt;
}

void ActorDirectory::tell(ProcessId watcher, const ActorRecord& record) const {
  events_.changed(watcher,
                  ipc::ActorState{.actor = to_wire(record.id),
                                  .state = static_cast<ipc::ActorState::State>(record.state),
                                  .worker = record.worker.value,
                                  .worker_index = 0,
                                  .restarts = record.restarts,
                                  .max_task_retries = record.max_task_retries,
                                  .cause = record.cause});
}

}  // namespace ray::raylet
