#include "runtime/core_worker/task_submitter.h"

#include <ray/error.h>
#include <ray/internal/class_layout.h>

#include <algorithm>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/reference_table.h"
#include "runtime/core_worker/stream_reader.h"

namespace ray::core_worker {
namespace {

constexpr std::int64_t kCallTimeoutNs = 30'000'000'000;

object_store::Extent extent_of(const internal::Buffer& buffer) {
  return {.data = buffer.data, .length = buffer.size, .offset = buffer.token};
}

}  // namespace

// Arguments and what they refer to; their references are held by the record from now on.
void TaskSubmitter::fill(std::uint32_t slot, const internal::Submission& call) {
  Record& record = core_.table.at(slot);
  if (call.large.data != nullptr) {
    ownership::TaskExtra& extra = core_.table.extra(record);
    const base::ObjectId id{base::ProcessId{core_.welcome.process}, core_.table.sequence_of(slot),
                            slot};
    extra.large = packed(core_.store->seal(extent_of(call.large), id));
    extra.has_large = true;
  } else {
    core_.table.set_arguments(record, call.arguments);
  }
  for (ObjectCell* cell : call.nested) {
    internal::acquire(cell);
    core_.table.extra(record).nested.push_back(cell);
  }
}

void TaskSubmitter::add_results(std::uint32_t slot, std::span<ObjectCell*> returns) {
  for (std::size_t i = 1; i < returns.size(); ++i) {
    const auto result = core_.references->make_owned(ownership::RecordKind::result);
    core_.table.extra(core_.table.at(slot)).results.push_back(result.slot);
    result.record->next = slot;
    returns[i] = result.cell;
  }
}

bool TaskSubmitter::await_all(std::uint32_t slot, internal::Cells dependencies) {
  for (ObjectCell* cell : dependencies) {
    if (core_.references->await(slot, *cell)) return false;
  }
  return true;
}

void TaskSubmitter::check_pending(const ActorEntry& actor) {
  if (actor.max_pending == 0) return;
  if (actor.waiting.size() + actor.in_flight.size() >= actor.max_pending) {
    internal::throw_error(internal::ErrorKind::pending_calls_limit,
                          "the actor has max_pending_calls = " + std::to_string(actor.max_pending) +
                              " calls waiting already");
  }
}

void TaskSubmitter::submit(const internal::Submission& call, std::span<ObjectCell*> returns) {
  core_.require_usable();
  CoreLock lock(core_);
  const std::uint32_t function = functions_.number_of(*call.function);
  const std::uint32_t number = functions_.plan_of(function, call.options);
  CallPlan& plan = *functions_.at(function).plans[number];
  ActorEntry* actor = nullptr;
  if (call.actor == nullptr) {
    core_.leases->class_of(plan, call.function->name);
  } else {
    actor = &core_.actors->entry_of(call.actor->id);
    check_pending(*actor);
  }
  const auto [record, cell, slot] = core_.references->make_owned(ownership::RecordKind::task);
  record->function = function;
  record->retries = plan.retries;
  if (number != 0) core_.table.extra(*record).plan = number;
  fill(slot, call);
  if (returns.size() > 1) add_results(slot, returns);
  returns[0] = cell;
  if (call.function->is_generator) core_.streams->open(slot, item_window(plan.options));
  if (actor != nullptr) {
    internal::acquire(call.actor);
    core_.table.extra(*record).actor = call.actor;
    if (!plan.options.max_task_retries) record->retries = actor->max_task_retries;
  }
  if (await_all(slot, call.dependencies)) {
    if (actor != nullptr) {
      core_.actors->submit(*actor, slot);
    } else {
      core_.table.submitted(slot, core_.effects);
    }
  }
  core_.settle();
  core_.leader->note_activity();
}

ObjectCell* TaskSubmitter::put(std::span<const std::byte> bytes, internal::Cells nested) {
  core_.require_usable();
  CoreLock lock(core_);
  const auto object = core_.references->make_owned(ownership::RecordKind::object);
  ownership::Result result{.bytes = bytes};
  for (ObjectCell* cell : nested) {
    internal::acquire(cell);
    result.nested.push_back(cell);
  }
  core_.table.complete(object.slot, std::move(result), core_.effects);
  return object.cell;
}

ObjectCell* TaskSubmitter::put(const internal::Buffer& filled, internal::Cells nested) {
  core_.require_usable();
  CoreLock lock(core_);
  const auto object = core_.references->make_owned(ownership::RecordKind::object);
  const internal::ObjectId id = object.cell->id;
  ownership::Result result;
  result.form = ownership::ResultForm::stored;
  result.location = packed(core_.store->seal(
      extent_of(filled), base::ObjectId{base::ProcessId{id.owner}, id.sequence, id.slot}));
  for (ObjectCell* cell : nested) {
    internal::acquire(cell);
    result.nested.push_back(cell);
  }
  core_.table.complete(object.slot, std::move(result), core_.effects);
  return object.cell;
}

void TaskSubmitter::cancel(ObjectCell& result, bool force) {
  core_.require_usable();
  CoreLock lock(core_);
  if (core_.references->is_owned(result)) {
    core_.cancel(ReferenceTable::task_of(result), force);
  } else {
    core_.peers->cancel(ReferenceTable::borrowed(result), force);
  }
}

std::optional<internal::ObjectId> TaskSubmitter::register_actor(
    const internal::ObjectId& id, const internal::CallOptions& options, const char* class_name) {
  const bool has_name = options.name.has_value() && !options.name->empty();
  const ipc::RegisterActor message{
      .request = core_.control.next_request(),
      .actor = wire_id(id),
      .class_name = class_name,
      .name = options.name.value_or(""),
      .name_space = options.name_space.value_or(core_.welcome.name_space),
      .detached = options.lifetime == Lifetime::detached,
      .get_if_exists = options.get_if_exists.value_or(false),
      .max_restarts = options.max_restarts.value_or(0),
      .max_task_retries = options.max_task_retries.value_or(0),
      .layout = has_name ? internal::layout_of(internal::class_of_constructor(class_name)) : ""};
  if (!has_name) {
    core_.control.queue(message);
    core_.control.flush();
    return std::nullopt;
  }
  const auto answer =
      core_.control.call<ipc::ActorRegistered>(message, base::monotonic_ns() + kCallTimeoutNs);
  if (!answer.ok()) {
    internal::throw_error(internal::ErrorKind::error, std::string(answer.status().message()));
  }
  if (!answer->error.empty()) internal::throw_error(internal::ErrorKind::error, answer->error);
  if (!answer->existing) return std::nullopt;
  if (std::optional<ipc::ActorFound> found = look_up(message.name, message.name_space)) {
    internal::require_same_class(message.name,
                                 {.cell = nullptr,
                                  .constructor = std::move(found->class_name),
                                  .layout = std::move(found->layout)},
                                 internal::class_of_constructor(class_name));
  }
  return object_id(*answer->existing);
}

ObjectCell* TaskSubmitter::borrow_actor(const internal::ObjectId& id) {
  CoreLock lock(core_);
  if (id.owner == core_.welcome.process) return &core_.references->meet(id, 0);
  ObjectCell& cell = core_.references->meet(id, 1);
  core_.peers->change_borrow(id, core_.welcome.process, 1);
  return &cell;
}

ObjectCell* TaskSubmitter::create_actor(const internal::Submission& constructor) {
  core_.require_usable();
  internal::CallOptions options;
  ObjectCell* cell = nullptr;
  std::uint32_t slot = 0;
  std::uint32_t function = 0;
  std::uint32_t number = 0;
  {
    CoreLock lock(core_);
    function = functions_.number_of(*constructor.function);
    number = functions_.plan_of(function, constructor.options);
    options = functions_.at(function).plans[number]->options;
    // The name is no part of a plan.
    internal::CallOptions named;
    if (constructor.options != nullptr) {
      named = *constructor.options;
    } else if (constructor.function->options != nullptr) {
      constructor.function->options(named);
    }
    options.name = named.name;
    demand_of(options, true);  // throws where the amounts make no sense
    const auto made = core_.references->make_owned(ownership::RecordKind::actor);
    cell = made.cell;
    slot = made.slot;
  }
  std::optional<internal::ObjectId> existing;
  try {
    existing = register_actor(cell->id, options, constructor.function->name);
  } catch (...) {
    CoreLock lock(core_);
    core_.table.complete(slot, {}, core_.effects);
    core_.references->drop(*cell);
    throw;
  }
  if (existing) {
    {
      CoreLock lock(core_);
      core_.table.complete(slot, {}, core_.effects);
      core_.references->drop(*cell);
    }
    return borrow_actor(*existing);
  }
  CoreLock lock(core_);
  ActorEntry& actor = core_.actors->entry_of(cell->id);
  actor.owned = true;
  actor.watched = true;
  actor.detached = options.lifetime == Lifetime::detached;
  actor.function = function;
  actor.plan = number;
  actor.max_pending =
      static_cast<std::uint32_t>(std::max(0, options.max_pending_calls.value_or(0)));
  actor.limits = concurrency_of(*constructor.function, options);
  actor.max_task_retries =
      static_cast<std::int16_t>(std::clamp(options.max_task_retries.value_or(0), -1, 32'767));
  ipc::LeaseDemand demand = demand_of(options, true);
  demand.label = constructor.function->name;
  actor.scheduling_class = &core_.leases->make_actor_class(actor, std::move(demand));
  core_.actors->keep_spec(actor, constructor);
  core_.control.queue(ipc::WatchActor{wire_id(cell->id)});
  // A handle is never awaited: its record lives by references alone.
  core_.table.complete(slot, {}, core_.effects);
  core_.actors->start(actor);
  core_.settle();
  core_.leader->note_activity();
  return cell;
}

std::optional<ipc::ActorFound> TaskSubmitter::look_up(std::string_view name,
                                                      std::string_view name_space) {
  auto found = core_.control.call<ipc::ActorFound>(
      ipc::FindActor{
          .name = std::string(name),
          .name_space = std::string(name_space.empty() ? core_.welcome.name_space : name_space)},
      base::monotonic_ns() + kCallTimeoutNs);
  if (!found.ok()) {
    internal::throw_error(internal::ErrorKind::error, std::string(found.status().message()));
  }
  if (!found->actor) return std::nullopt;
  return *std::move(found);
}

internal::FoundActor TaskSubmitter::find_actor(std::string_view name, std::string_view name_space) {
  core_.require_usable();
  std::optional<ipc::ActorFound> found = look_up(name, name_space);
  if (!found) return {};
  return {.cell = borrow_actor(object_id(*found->actor)),
          .constructor = std::move(found->class_name),
          .layout = std::move(found->layout)};
}

}  // namespace ray::core_worker
