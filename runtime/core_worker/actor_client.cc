#include "runtime/core_worker/actor_client.h"

#include <ray/error.h>

#include <algorithm>
#include <utility>

#include "runtime/core_worker/core.h"
#include "runtime/core_worker/oversized_records.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {

ActorClient::~ActorClient() = default;

ActorEntry& ActorClient::entry_of(const internal::ObjectId& id) {
  auto& entry = actors_[id];
  if (entry == nullptr) {
    entry = std::make_unique<ActorEntry>();
    entry->id = id;
  }
  return *entry;
}

void ActorClient::watch(ActorEntry& actor) {
  if (std::exchange(actor.watched, true)) return;
  core_.control.queue(ipc::WatchActor{wire_id(actor.id)});
}

void ActorClient::submit(ActorEntry& actor, std::uint32_t slot) {
  if (!actor.owned) watch(actor);
  if (actor.state == ActorEntry::State::dead) {
    core_.table.fail(slot, actor.death, core_.effects);
    return;
  }
  actor.waiting.push_back({slot, core_.table.sequence_of(slot)});
  core_.table.submitted(slot, core_.effects);
}

void ActorClient::runnable(std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  const auto entry = actors_.find(record.extra->actor->id);
  if (entry == actors_.end()) return;
  ActorEntry& actor = *entry->second;
  if (slot != actor.constructor) return pump(actor);
  if (actor.state == ActorEntry::State::dead) {
    core_.table.fail(slot, actor.death, core_.effects);
  } else if (actor.link != nullptr) {
    push(actor, slot);
  } else {
    core_.leases->declare(*actor.scheduling_class, 1);
  }
}

void ActorClient::call_failed(const internal::ObjectId& id) {
  const auto entry = actors_.find(id);
  if (entry != actors_.end()) pump(*entry->second);
}

bool ActorClient::take_back(std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  if (record.state.load(std::memory_order_relaxed) != RecordState::pushed) return true;
  if (!core_.leases->take_back(slot)) return false;
  const auto entry = actors_.find(record.extra->actor->id);
  if (entry != actors_.end()) {
    std::erase_if(entry->second->in_flight, [&](const CallName& c) { return c.slot == slot; });
    --in_flight_;
  }
  return true;
}

std::uint64_t ActorClient::worker_of(const internal::ObjectId& id) const {
  const auto entry = actors_.find(id);
  return entry == actors_.end() ? 0 : entry->second->worker;
}

bool ActorClient::push(ActorEntry& actor, std::uint32_t slot) {
  WorkerLink& link = *actor.link;
  CallWriter& writer = core_.leases->writer();
  const CallWriter::Written written = writer.write(link, slot);
  if (written == CallWriter::Written::too_large) {
    core_.oversized->store_call(slot, writer.encode(slot));
  }
  if (written != CallWriter::Written::yes) return false;
  core_.table.pushed(slot, link.number);
  link.requests.publish();
  core_.ring_later(link.entry);
  ++link.in_flight;
  ++in_flight_;
  return true;
}

void ActorClient::pump(ActorEntry& actor) {
  if (actor.state != ActorEntry::State::alive || actor.link == nullptr) return;
  while (!actor.waiting.empty()) {
    const CallName call = actor.waiting.front();
    const Record* record = core_.table.find(call.sequence, call.slot);
    if (record != nullptr && !record->complete()) {
      if (record->state.load(std::memory_order_relaxed) != RecordState::pending) return;
      if (!push(actor, call.slot)) return;
      actor.in_flight.push_back(call);
    }
    actor.waiting.pop_front();
  }
}

void ActorClient::kill(const internal::ObjectId& id, bool no_restart) {
  core_.control.queue(ipc::KillActor{wire_id(id), no_restart});
  ActorEntry& actor = entry_of(id);
  if (!actor.owned) watch(actor);
  // Calls made from here on wait for what the raylet makes of it, instead of racing with the kill.
  if (actor.state == ActorEntry::State::alive) actor.state = ActorEntry::State::lost;
}

void ActorClient::granted(ActorEntry& actor, WorkerLink& link) {
  actor.link = &link;
  actor.worker = link.process;
  linked_.push_back(&actor);
  // The ring is new: a constructor fits, or is stored and then comes again.
  if (actor.constructor != Record::kNone) push(actor, actor.constructor);
}

void ActorClient::replied(WorkerLink& link, std::uint32_t slot) {
  --link.in_flight;
  --in_flight_;
  ActorEntry& actor = *link.actor;
  auto call = std::find_if(actor.in_flight.begin(), actor.in_flight.end(),
                           [&](const CallName& known) { return known.slot == slot; });
  if (call == actor.in_flight.end()) return;  // the constructor
  const CallName name = *call;
  actor.in_flight.erase(call);
  const Record* record = core_.table.find(name.sequence, slot);
  if (record != nullptr && record->state.load(std::memory_order_relaxed) == RecordState::pending) {
    actor.waiting.push_front(name);  // its exception is to be retried
  }
}

void ActorClient::fail_calls(std::deque<CallName>& calls, std::span<const std::byte> error) {
  const std::deque<CallName> failed = std::exchange(calls, {});
  for (const CallName& call : failed) {
    const Record* record = core_.table.find(call.sequence, call.slot);
    if (record != nullptr && !record->complete()) {
      core_.table.fail(call.slot, error, core_.effects);
    }
  }
}

void ActorClient::registered(const ipc::ActorRegistered& answer) {
  // Nobody waits for the answer of an actor without a name.
  if (!answer.error.empty()) core_.log.error("registering an actor: ", answer.error);
}

void ActorClient::channel_opened(const ipc::ChannelOpened& opened) {
  const auto request = openings_.find(opened.request);
  if (request == openings_.end()) return;
  const auto found = actors_.find(request->second);
  openings_.erase(request);
  if (found == actors_.end()) {
    if (opened.error.empty()) core_.control.queue(ipc::CloseChannel{opened.channel});
    return;
  }
  ActorEntry& actor = *found->second;
  actor.opening = false;
  if (!opened.error.empty()) return;  // its worker has just died: the next ActorState tells
  WorkerLink* link = core_.leases->make_link(opened.channel, opened.peer_index);
  if (link == nullptr) return;
  link->process = opened.peer;
  link->actor = &actor;
  actor.link = link;
  linked_.push_back(&actor);
  actor.state = ActorEntry::State::alive;
  pump(actor);
}

bool ActorClient::progress(int max) {
  if (in_flight_ == 0) return false;
  int read = 0;
  for (ActorEntry* actor : linked_) {
    if (actor->link->in_flight == 0) continue;
    const int count = core_.leases->reader().read(*actor->link, *this, max);
    if (count != 0) pump(*actor);
    read += count;
    if (read >= max) break;
  }
  return read != 0;
}

}  // namespace ray::core_worker
