// The part of ActorClient that follows an actor's life: its start, its restarts and its end.
#include <ray/error.h>

#include <algorithm>
#include <utility>

#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {

// Told when the constructor has run, or will not.
class ActorClient::ConstructorWatcher final : public Watcher {
 public:
  ConstructorWatcher(ActorClient& actors, internal::ObjectId actor, CallName call)
      : actors_(actors), actor_(actor), call_(call) {}

  void completed() override {
    const auto entry = actors_.actors_.find(actor_);
    if (entry != actors_.actors_.end()) actors_.constructor_ended(*entry->second, call_.slot);
    delete this;
  }

 private:
  ActorClient& actors_;
  const internal::ObjectId actor_;
  const CallName call_;
};

void ActorClient::keep_spec(ActorEntry& actor, const internal::Submission& constructor) {
  if (constructor.large.data != nullptr) {
    const base::ObjectId id{base::ProcessId{actor.id.owner}, actor.id.sequence, actor.id.slot};
    actor.large = core_.store->seal({.data = constructor.large.data,
                                     .length = constructor.large.size,
                                     .offset = constructor.large.token},
                                    id);
    actor.has_large = true;
  } else {
    actor.arguments.assign(constructor.arguments.begin(), constructor.arguments.end());
  }
  for (ObjectCell* cell : constructor.nested) {
    internal::acquire(cell);
    actor.nested.push_back(cell);
  }
  for (ObjectCell* cell : constructor.dependencies) {
    internal::acquire(cell);
    actor.dependencies.push_back(cell);
  }
}

void ActorClient::start(ActorEntry& actor) {
  auto [record, cell, slot] = core_.references->make_owned(ownership::RecordKind::task);
  actor.constructor = slot;
  record->function = actor.function;
  core_.table.set_arguments(*record, actor.arguments);
  ownership::TaskExtra& extra = core_.table.extra(*record);
  extra.plan = actor.plan;
  extra.actor = &core_.references->meet(actor.id, 0);
  if (actor.has_large) {
    extra.large = packed(actor.large);
    extra.has_large = true;
    extra.large_is_lent = true;
  }
  for (ObjectCell* nested : actor.nested) {
    internal::acquire(nested);
    extra.nested.push_back(nested);
  }
  bool failed = false;
  for (ObjectCell* dependency : actor.dependencies) {
    failed |= core_.references->await(slot, *dependency);
  }
  core_.table.watch(slot, reinterpret_cast<std::uint64_t>(
                              new ConstructorWatcher(*this, actor.id, {slot, cell->id.sequence})));
  core_.references->drop(*cell);  // nobody else looks at its result
  if (!failed) core_.table.submitted(slot, core_.effects);
}

void ActorClient::constructor_ended(ActorEntry& actor, std::uint32_t slot) {
  if (slot != actor.constructor) return;
  actor.constructor = Record::kNone;
  const Record& record = core_.table.at(slot);
  if (actor.state == ActorEntry::State::dead) return;
  if (record.state.load(std::memory_order_relaxed) == RecordState::done) {
    actor.state = ActorEntry::State::alive;
    core_.control.queue(ipc::ActorStarted{wire_id(actor.id), actor.worker});
    pump(actor);
    return;
  }
  std::string cause = "its constructor failed";
  auto kind = internal::ErrorKind::actor_died;
  try {
    const internal::ErrorRecord error = internal::decode_error(record.result_bytes());
    cause += ": " + error.message;
    if (error.kind == internal::ErrorKind::runtime_env) kind = error.kind;
  } catch (const Error&) {
    // Not an error record: the cause stays as it is.
  }
  end(actor, cause);
  die(actor, core_.make_error(kind, "the actor died: " + cause));
}

void ActorClient::end(ActorEntry& actor, const std::string& cause) {
  core_.control.queue(ipc::ActorEnded{wire_id(actor.id), cause});
}

void ActorClient::lose_link(ActorEntry& actor) {
  if (actor.link == nullptr) return;
  WorkerLink& link = *std::exchange(actor.link, nullptr);
  std::erase(linked_, &actor);
  while (core_.leases->reader().read(link, *this, INT32_MAX) != 0) {
  }
  in_flight_ -= link.in_flight;
  core_.control.queue(ipc::CloseChannel{link.channel});
  core_.leases->drop_link(link);
}

void ActorClient::link_died(WorkerLink& link, const std::string& cause) {
  ActorEntry& actor = *link.actor;
  const std::uint64_t worker = link.process;
  lose_link(actor);
  if (actor.state == ActorEntry::State::dead) return;
  actor.state = ActorEntry::State::lost;
  // A death in the constructor: the raylet, which counts restarts, has not heard of this worker.
  if (actor.constructor != Record::kNone) {
    core_.control.queue(ipc::ActorStarted{wire_id(actor.id), worker});
  }
}

void ActorClient::die(ActorEntry& actor, const std::vector<std::byte>& error) {
  if (actor.state == ActorEntry::State::dead) return;
  actor.state = ActorEntry::State::dead;
  actor.death = error;
  lose_link(actor);
  fail_calls(actor.in_flight, actor.death);
  fail_calls(actor.waiting, actor.death);
  if (actor.owned) {
    if (actor.scheduling_class->demand.wanted != 0) {
      core_.leases->declare(*actor.scheduling_class, 0);
    }
    actor.scheduling_class->actor = nullptr;
    if (actor.constructor != Record::kNone) {
      const std::uint32_t slot = std::exchange(actor.constructor, Record::kNone);
      core_.table.fail(slot, actor.death, core_.effects);
    }
    drop_spec(actor);
  }
}

void ActorClient::restart(ActorEntry& actor) {
  actor.state = ActorEntry::State::pending;
  if (actor.constructor != Record::kNone) {
    Record& record = core_.table.at(actor.constructor);
    if (record.state.load(std::memory_order_relaxed) != RecordState::pushed) return;
    record.retries = 1;
    core_.table.retry(actor.constructor);
    core_.effects.push_back({ownership::Effect::Kind::runnable, actor.constructor});
  } else if (actor.owned) {
    start(actor);
  }
}

// A borrower hears of the actor's options after its first calls, but before any of them goes out.
void ActorClient::learn_retries(ActorEntry& actor, std::int32_t max_task_retries) {
  const auto retries = static_cast<std::int16_t>(std::clamp(max_task_retries, -1, 32'767));
  if (actor.max_task_retries == retries) return;
  actor.max_task_retries = retries;
  for (const CallName& call : actor.waiting) {
    Record* record = core_.table.find(call.sequence, call.slot);
    if (record == nullptr || record->complete()) continue;
    const auto& plan = core_.leases->functions().at(record->function).plans[record->extra->plan];
    if (!plan->options.max_task_retries) record->retries = retries;
  }
}

void ActorClient::state_changed(const ipc::ActorState& state) {
  const auto found = actors_.find(object_id(state.actor));
  if (found == actors_.end()) return;
  ActorEntry& actor = *found->second;
  if (actor.state == ActorEntry::State::dead) return;
  learn_retries(actor, state.max_task_retries);
  switch (state.state) {
    case ipc::ActorState::State::pending:
      break;
    case ipc::ActorState::State::alive:
      if (actor.owned) break;
      actor.worker = state.worker;
      if (actor.link == nullptr && !std::exchange(actor.opening, true)) {
        const std::uint64_t request = core_.control.next_request();
        openings_[request] = actor.id;
        core_.control.queue(ipc::OpenChannel{
            .request = request, .peer = state.worker, .purpose = ipc::ChannelPurpose::actor_calls});
      }
      break;
    case ipc::ActorState::State::restarting: {
      actor.restarts = state.restarts;
      lose_link(actor);
      const auto unsure = core_.make_error(
          internal::ErrorKind::actor_unavailable,
          "the actor's worker died while the call was on its way or running; it is restarted");
      std::deque<CallName> failing;
      for (auto call = actor.in_flight.rbegin(); call != actor.in_flight.rend(); ++call) {
        if (core_.table.retry(call->slot)) {
          actor.waiting.push_front(*call);
        } else {
          failing.push_front(*call);
        }
      }
      actor.in_flight.clear();
      fail_calls(failing, unsure);
      restart(actor);
      break;
    }
    case ipc::ActorState::State::dead:
      die(actor,
          core_.make_error(internal::ErrorKind::actor_died,
                           "the actor died: " +
                               (state.cause.empty() ? "its last handle is gone" : state.cause)));
      break;
  }
}

void ActorClient::drop_spec(ActorEntry& actor) {
  core_.references->drop_all(std::exchange(actor.nested, {}));
  core_.references->drop_all(std::exchange(actor.dependencies, {}));
  std::vector<std::byte>().swap(actor.arguments);
  if (std::exchange(actor.has_large, false)) core_.free_later(actor.large);
}

void ActorClient::handles_gone(std::uint32_t slot) {
  const internal::ObjectId id{core_.welcome.process, core_.table.sequence_of(slot), slot};
  const auto found = actors_.find(id);
  if (found == actors_.end()) return;
  ActorEntry& actor = *found->second;
  if (actor.state != ActorEntry::State::dead && !actor.detached) {
    end(actor, "");
    die(actor, core_.make_error(internal::ErrorKind::actor_died, "its last handle is gone"));
  }
  lose_link(actor);
  if (actor.scheduling_class != nullptr) actor.scheduling_class->actor = nullptr;
  actors_.erase(found);
}

void ActorClient::forget(const internal::ObjectId& id) {
  const auto found = actors_.find(id);
  if (found == actors_.end()) return;
  lose_link(*found->second);
  actors_.erase(found);
}

}  // namespace ray::core_worker
