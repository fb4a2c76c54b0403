#include "runtime/core_worker/lease_client.h"

#include <algorithm>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/oversized_records.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {

LeaseClient::LeaseClient(Core& core, FunctionTable& functions)
    : core_(core),
      functions_(functions),
      writer_(core, functions),
      reader_(core, functions),
      backlog_ticks_(rate_.ticks_of_ns(kBacklogNs)),
      silent_ticks_(rate_.ticks_of_ns(kSilentNs)) {}

LeaseClient::~LeaseClient() = default;

SchedulingClass& LeaseClient::class_of(CallPlan& plan, const char* label) {
  if (plan.scheduling_class != nullptr) return *plan.scheduling_class;
  ipc::LeaseDemand demand = demand_of(plan.options, false);
  for (const auto& known : classes_) {
    ipc::LeaseDemand& other = known->demand;
    if (known->actor == nullptr && !other.actor && other.resources == demand.resources &&
        other.scheduling.fields() == demand.scheduling.fields() &&
        other.environment.fields() == demand.environment.fields()) {
      plan.scheduling_class = known.get();
      return *known;
    }
  }
  auto made = std::make_unique<SchedulingClass>();
  made->number = static_cast<std::uint32_t>(classes_.size());
  demand.scheduling_class = made->number;
  demand.label = label;
  made->demand = std::move(demand);
  classes_.push_back(std::move(made));
  plan.scheduling_class = classes_.back().get();
  return *classes_.back();
}

SchedulingClass& LeaseClient::make_actor_class(ActorEntry& actor, ipc::LeaseDemand demand) {
  auto made = std::make_unique<SchedulingClass>();
  made->number = static_cast<std::uint32_t>(classes_.size());
  made->actor = &actor;
  demand.scheduling_class = made->number;
  made->demand = std::move(demand);
  classes_.push_back(std::move(made));
  return *classes_.back();
}

void LeaseClient::declare(SchedulingClass& scheduling_class, std::uint32_t wanted) {
  scheduling_class.demand.wanted = wanted;
  core_.control.queue(scheduling_class.demand);
}

FunctionEntry& LeaseClient::function_of(std::uint32_t slot) {
  return functions_.at(core_.table.at(slot).function);
}

SchedulingClass& LeaseClient::class_of_task(std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  const std::uint32_t plan = record.extra == nullptr ? 0 : record.extra->plan;
  return *functions_.at(record.function).plans[plan]->scheduling_class;
}

void LeaseClient::push_back(SchedulingClass& scheduling_class, std::uint32_t slot) {
  core_.table.at(slot).next = Record::kNone;
  if (scheduling_class.tail == Record::kNone) {
    scheduling_class.head = slot;
  } else {
    core_.table.at(scheduling_class.tail).next = slot;
  }
  scheduling_class.tail = slot;
  ++scheduling_class.queued;
  ++queued_;
}

void LeaseClient::push_front(SchedulingClass& scheduling_class, std::uint32_t slot) {
  core_.table.at(slot).next = scheduling_class.head;
  scheduling_class.head = slot;
  if (scheduling_class.tail == Record::kNone) scheduling_class.tail = slot;
  ++scheduling_class.queued;
  ++queued_;
}

std::uint32_t LeaseClient::pop(SchedulingClass& scheduling_class) {
  const std::uint32_t slot = scheduling_class.head;
  scheduling_class.head = core_.table.at(slot).next;
  if (scheduling_class.head == Record::kNone) scheduling_class.tail = Record::kNone;
  --scheduling_class.queued;
  --queued_;
  return slot;
}

bool LeaseClient::unlink(SchedulingClass& scheduling_class, std::uint32_t slot) {
  std::uint32_t previous = Record::kNone;
  for (std::uint32_t at = scheduling_class.head; at != Record::kNone;
       previous = at, at = core_.table.at(at).next) {
    if (at != slot) continue;
    const std::uint32_t next = core_.table.at(at).next;
    (previous == Record::kNone ? scheduling_class.head : core_.table.at(previous).next) = next;
    if (scheduling_class.tail == slot) scheduling_class.tail = previous;
    --scheduling_class.queued;
    --queued_;
    return true;
  }
  return false;
}

void LeaseClient::enqueue(std::uint32_t slot) {
  SchedulingClass& scheduling_class = class_of_task(slot);
  push_back(scheduling_class, slot);
  dispatch(scheduling_class, false);
}

WorkerLink* LeaseClient::pick(SchedulingClass& scheduling_class, const FunctionEntry& function) {
  const std::uint64_t expected = expected_ticks(function);
  const bool is_short = function.ticks != 0 && expected <= backlog_ticks_;
  std::size_t considered = 0;
  WorkerLink* best = nullptr;
  for (WorkerLink* link : scheduling_class.workers) {
    if (link->blocked || link->draining) continue;
    // Short tasks on more workers than there are cores would only take turns.
    if (is_short && considered++ == core_.fabric.cores()) break;
    if (link->in_flight != 0) {
      const std::uint64_t after = link->backlog_ticks + expected;
      const bool has_room = link->in_flight < 2 ? after <= 5 * backlog_ticks_
                                                : function.ticks != 0 && after <= backlog_ticks_;
      if (!has_room) continue;
    }
    if (best == nullptr || link->backlog_ticks < best->backlog_ticks) best = link;
  }
  return best;
}

bool LeaseClient::push(WorkerLink& link, std::uint32_t slot) {
  switch (writer_.write(link, slot)) {
    case CallWriter::Written::no_room:
      return false;
    case CallWriter::Written::too_large:
      core_.oversized->store_call(slot, writer_.encode(slot));
      return true;
    case CallWriter::Written::yes:
      break;
  }
  core_.table.pushed(slot, link.number);
  link.requests.publish();
  core_.ring_later(link.entry);
  if (link.in_flight++ == 0) {
    link.last_heard = base::ticks();
    link.idle_since_ns = 0;
  }
  ++in_flight_;
  link.backlog_ticks += expected_ticks(function_of(slot));
  const Record& record = core_.table.at(slot);
  const std::uint32_t plan = record.extra == nullptr ? 0 : record.extra->plan;
  const std::uint32_t max_calls = functions_.at(record.function).plans[plan]->max_calls;
  if (max_calls != 0) {
    if (link.calls_left == 0) link.calls_left = max_calls;
    if (--link.calls_left == 0) link.draining = link.exit_on_return = true;
  }
  return true;
}

void LeaseClient::dispatch(SchedulingClass& scheduling_class, bool exact_demand) {
  while (scheduling_class.head != Record::kNone) {
    WorkerLink* link = pick(scheduling_class, function_of(scheduling_class.head));
    if (link == nullptr) break;
    const std::uint32_t slot = pop(scheduling_class);
    if (!push(*link, slot)) {
      push_front(scheduling_class, slot);
      break;
    }
  }
  if (scheduling_class.queued != 0 || scheduling_class.demand.wanted != 0) {
    update_demand(scheduling_class, exact_demand);
  }
}

std::uint32_t LeaseClient::wanted(const SchedulingClass& scheduling_class) {
  std::uint64_t active = 0;
  std::uint64_t behind = 0;  // pushed, but stuck behind what takes long
  const FunctionEntry* function = nullptr;
  const std::uint64_t now = base::ticks();
  for (const WorkerLink* link : scheduling_class.workers) {
    if (link->blocked || link->draining) continue;
    if (link->in_flight == 0 && scheduling_class.queued == 0) return 0;  // it can take more
    ++active;
    if (link->in_flight < 2 || now - link->last_heard < silent_ticks_) continue;
    behind += link->in_flight - 1;
  }
  if (scheduling_class.queued != 0) function = &function_of(scheduling_class.head);
  if (function != nullptr && function->ticks != 0 && function->ticks <= backlog_ticks_) {
    const std::uint64_t backlog = scheduling_class.queued * function->ticks / backlog_ticks_ + 1;
    const std::uint64_t cores = core_.fabric.cores();
    return static_cast<std::uint32_t>(std::min(backlog, cores > active ? cores - active : behind));
  }
  const std::uint64_t unknown_max = std::max<std::uint64_t>(16, 2 * core_.welcome.cpus);
  const bool is_long = function != nullptr && function->ticks != 0;
  return static_cast<std::uint32_t>(
      std::min(scheduling_class.queued + behind, is_long ? kWantedMax : unknown_max));
}

void LeaseClient::update_demand(SchedulingClass& scheduling_class, bool exact) {
  const std::uint32_t now = wanted(scheduling_class);
  const std::uint32_t before = scheduling_class.demand.wanted;
  if (now == before) return;
  // One message for each task that is submitted would be too many; what is left out is made good
  // at the next look.
  if (!exact && before != 0 && now < 2 * before) return;
  declare(scheduling_class, now);
}

WorkerLink* LeaseClient::make_link(std::uint32_t channel, std::uint32_t worker_index) {
  ipc::ProcessEntry* entry = core_.fabric.process(worker_index);
  const std::optional<ipc::Channel> rings = core_.fabric.channel(channel);
  if (entry == nullptr || !rings) {
    core_.log.error("the raylet named a channel that is not in the fabric");
    return nullptr;
  }
  auto link = std::make_unique<WorkerLink>(*rings, *entry);
  link->channel = channel;
  std::uint32_t number = 0;
  while (number < links_.size() && links_[number] != nullptr) ++number;
  link->number = number;
  if (number == links_.size()) links_.emplace_back();
  links_[number] = std::move(link);
  ++core_.poll_generation;
  return links_[number].get();
}

void LeaseClient::drop_link(WorkerLink& link) {
  if (link.scheduling_class != nullptr) std::erase(link.scheduling_class->workers, &link);
  in_flight_ -= link.actor == nullptr ? link.in_flight : 0;
  links_[link.number].reset();
  ++core_.poll_generation;
}

void LeaseClient::granted(const ipc::LeaseGranted& grant) {
  if (grant.scheduling_class >= classes_.size()) return;
  SchedulingClass& scheduling_class = *classes_[grant.scheduling_class];
  if (scheduling_class.demand.wanted > 0) --scheduling_class.demand.wanted;
  WorkerLink* link = make_link(grant.channel, grant.worker_index);
  if (link == nullptr) return;
  link->process = grant.worker;
  link->pid = grant.worker_pid;
  link->lease = grant.lease;
  link->last_heard = base::ticks();
  link->idle_since_ns = base::monotonic_ns();
  if (scheduling_class.demand.actor && scheduling_class.actor == nullptr) {
    return return_lease(*link);  // its actor has ended meanwhile
  }
  if (scheduling_class.actor != nullptr) {
    link->actor = scheduling_class.actor;
    core_.actors->granted(*scheduling_class.actor, *link);
    return;
  }
  link->scheduling_class = &scheduling_class;
  scheduling_class.workers.push_back(link);
  dispatch(scheduling_class, true);
  rebalance(scheduling_class);
  core_.leader->note_activity();
}

void LeaseClient::replied(WorkerLink& link, std::uint32_t slot) {
  --link.in_flight;
  --in_flight_;
  if (link.in_flight == 0) link.backlog_ticks = 0;
}

void LeaseClient::blocked(WorkerLink& link, bool is_blocked) {
  link.blocked = is_blocked;
  if (is_blocked) revoke(link, UINT32_MAX);
}

void LeaseClient::revoke(WorkerLink& link, std::uint32_t max) {
  std::vector<std::uint32_t> taken;
  link.requests.revoke([&](const ipc::RecordHeader& header) {
    if (taken.size() == max) return false;
    const Record* record = core_.table.find(header.sequence, header.tag);
    if (record == nullptr || record->worker != link.number ||
        record->state.load(std::memory_order_relaxed) != RecordState::pushed) {
      return false;
    }
    taken.push_back(header.tag);
    return true;
  });
  core_.ring_later(link.entry);  // it may have slept before the gate
  for (auto slot = taken.rbegin(); slot != taken.rend(); ++slot) {
    core_.table.taken_back(*slot);
    const std::uint64_t expected = expected_ticks(function_of(*slot));
    link.backlog_ticks -= std::min(link.backlog_ticks, expected);
    --link.in_flight;
    --in_flight_;
    push_front(class_of_task(*slot), *slot);
  }
}

bool LeaseClient::take_back(std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  const RecordState state = record.state.load(std::memory_order_relaxed);
  if (state == RecordState::pending) return unlink(class_of_task(slot), slot);
  if (state != RecordState::pushed || record.worker >= links_.size()) return false;
  WorkerLink* link = links_[record.worker].get();
  if (link == nullptr) return false;
  const std::uint64_t sequence = core_.table.sequence_of(slot);
  const std::uint32_t taken = link->requests.revoke(
      [&](const ipc::RecordHeader& header) { return header.sequence == sequence; });
  core_.ring_later(link->entry);
  if (taken == 0) return false;
  core_.table.taken_back(slot);
  if (link->actor == nullptr) --in_flight_;
  --link->in_flight;
  return true;
}

bool LeaseClient::may_run_in(const base::ResourceSet& held, std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  if (record.state.load(std::memory_order_relaxed) != RecordState::pending) return false;
  if (record.extra != nullptr && record.extra->actor != nullptr) return false;
  const std::uint32_t plan = record.extra == nullptr ? 0 : record.extra->plan;
  if (functions_.at(record.function).plans[plan]->max_calls != 0) return false;
  ipc::LeaseDemand& demand = class_of_task(slot).demand;
  const bool anywhere = demand.scheduling.kind == ipc::Scheduling::Kind::hybrid ||
                        demand.scheduling.kind == ipc::Scheduling::Kind::spread;
  return anywhere && demand.environment.fields() == ipc::RuntimeEnvironment().fields() &&
         held.fits(demand.resources);
}

void LeaseClient::take_for_this_process(std::uint32_t slot) {
  SchedulingClass& scheduling_class = class_of_task(slot);
  unlink(scheduling_class, slot);
  core_.table.pushed(slot, kThisProcess);
  update_demand(scheduling_class, true);
}

void LeaseClient::kill_worker_of(std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  if (record.state.load(std::memory_order_relaxed) != RecordState::pushed) return;
  if (record.worker >= links_.size()) return;
  const WorkerLink* link = links_[record.worker].get();
  if (link != nullptr && link->lease != 0) core_.control.queue(ipc::KillWorker{link->lease});
}

}  // namespace ray::core_worker
