#include "runtime/core_worker/call_writer.h"

#include <cstring>

#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {

namespace {

// The window of a generator whose caller gives options of its own, else 0.
std::uint64_t given_window(const FunctionEntry& function, std::uint32_t plan) {
  if (plan == 0 || !function.function->is_generator) return 0;
  return item_window(function.plans[plan]->options);
}

}  // namespace

RecordKind kind_of(const internal::FunctionRecord& function) {
  switch (function.kind) {
    case internal::FunctionRecord::Kind::method:
      return RecordKind::method;
    case internal::FunctionRecord::Kind::constructor:
      return RecordKind::constructor;
    case internal::FunctionRecord::Kind::task:
      break;
  }
  return RecordKind::task;
}

bool CallWriter::write_small(WorkerLink& link, std::uint32_t slot, const Record& record) {
  const internal::FunctionRecord& function = *functions_.at(record.function).function;
  const std::span<const std::byte> arguments = ownership::OwnerTable::arguments(record);
  const CallHead head{.function = function.key,
                      .argument_bytes = static_cast<std::uint32_t>(arguments.size())};
  std::byte* memory =
      link.requests.reserve(static_cast<std::uint32_t>(sizeof head + arguments.size()));
  if (memory == nullptr) return false;
  std::memcpy(memory, &head, sizeof head);
  if (!arguments.empty()) std::memcpy(memory + sizeof head, arguments.data(), arguments.size());
  link.requests.commit(static_cast<std::uint8_t>(kind_of(function)), slot,
                       core_.table.sequence_of(slot));
  return true;
}

void CallWriter::put_dependency(RecordWriter& writer, ObjectCell& cell) {
  DependencyHead head;
  StoredAt stored;
  std::span<const std::byte> bytes;
  const ReferenceList* nested = nullptr;
  if (core_.references->is_owned(cell)) {
    const Record& record = record_of(cell);
    nested = record.result_nested();
    if (record.form == ownership::ResultForm::stored) {
      head.stored = 1;
      std::memcpy(stored.words, record.body.stored.location.data(), sizeof stored.words);
    } else {
      bytes = record.result_bytes();
    }
  } else {
    const BorrowedCell& borrowed = ReferenceTable::borrowed(cell);
    nested = &borrowed.nested;
    head.stored = borrowed.stored;
    const ownership::Location location = packed(borrowed.location);
    std::memcpy(stored.words, location.data(), sizeof stored.words);
    if (!borrowed.stored) bytes = borrowed.bytes;
  }
  head.bytes = bytes.size();
  head.nested = nested == nullptr ? 0 : static_cast<std::uint32_t>(nested->size());
  writer.put(head);
  if (head.stored != 0) writer.put(stored);
  for (std::uint32_t i = 0; i < head.nested; ++i) writer.put(packed_id((*nested)[i]->id));
  writer.align();
  writer.put_bytes(bytes);
}

void CallWriter::put_lists(RecordWriter& writer, const Record& record) {
  const ownership::TaskExtra& extra = *record.extra;
  const FunctionEntry& function = functions_.at(record.function);
  const bool is_constructor = kind_of(*function.function) == RecordKind::constructor;
  const std::string group = function.plans[extra.plan]->options.concurrency_group.value_or("");
  writer.put(CallLists{.nested = static_cast<std::uint32_t>(extra.nested.size()),
                       .dependencies = static_cast<std::uint32_t>(extra.dependencies.size()),
                       .results = static_cast<std::uint16_t>(extra.results.size()),
                       .group_bytes = static_cast<std::uint16_t>(group.size()),
                       .has_large = extra.has_large,
                       .has_actor = is_constructor,
                       .item_window = given_window(function, extra.plan)});
  if (extra.has_large) {
    StoredAt stored;
    std::memcpy(stored.words, extra.large.data(), sizeof stored.words);
    writer.put(stored);
  }
  if (is_constructor) put_actor(writer, *extra.actor);
  writer.put_bytes(std::as_bytes(std::span(group)));
  for (const ObjectCell* cell : extra.nested) writer.put(packed_id(cell->id));
  for (const std::uint32_t slot : extra.results) {
    writer.put(ResultName{.sequence = core_.table.sequence_of(slot), .slot = slot});
  }
  for (ObjectCell* cell : extra.dependencies) put_dependency(writer, *cell);
}

void CallWriter::put_actor(RecordWriter& writer, ObjectCell& actor) {
  const ActorEntry& entry = core_.actors->entry_of(actor.id);
  writer.put(ActorHead{.id = packed_id(actor.id),
                       .threads = entry.limits.threads,
                       .groups = static_cast<std::uint32_t>(entry.limits.groups.size()),
                       .restarts = entry.restarts});
  for (const auto& [name, threads] : entry.limits.groups) {
    writer.put(
        GroupHead{.threads = threads, .name_bytes = static_cast<std::uint32_t>(name.size())});
    writer.put_bytes(std::as_bytes(std::span(name)));
  }
}

std::span<const std::byte> CallWriter::encode(std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  const internal::FunctionRecord& function = *functions_.at(record.function).function;
  const std::span<const std::byte> arguments = ownership::OwnerTable::arguments(record);
  RecordWriter writer(scratch_);
  writer.put(CallHead{.function = function.key,
                      .argument_bytes = static_cast<std::uint32_t>(arguments.size()),
                      .extended = record.extra != nullptr});
  writer.put_bytes(arguments);
  if (record.extra != nullptr) {
    writer.align();
    put_lists(writer, record);
  }
  return scratch_;
}

bool CallWriter::write_stored(WorkerLink& link, std::uint32_t slot, const Record& record) {
  StoredAt stored;
  std::memcpy(stored.words, record.extra->record.data(), sizeof stored.words);
  return link.requests.write(static_cast<std::uint8_t>(RecordKind::stored_call), slot,
                             core_.table.sequence_of(slot), std::as_bytes(std::span(&stored, 1)));
}

CallWriter::Written CallWriter::write(WorkerLink& link, std::uint32_t slot) {
  const auto written = [](bool done) { return done ? Written::yes : Written::no_room; };
  const Record& record = core_.table.at(slot);
  const ownership::TaskExtra* extra = record.extra;
  const internal::FunctionRecord& function = *functions_.at(record.function).function;
  const RecordKind kind = kind_of(function);
  const bool is_method = kind == RecordKind::method;
  const bool is_small =
      extra == nullptr || ((extra->actor == nullptr || is_method) && extra->dependencies.empty() &&
                           extra->nested.empty() && extra->results.empty() && !extra->has_large &&
                           !((is_method || function.is_generator) && extra->plan != 0));
  if (is_small) return written(write_small(link, slot, record));
  if (extra->has_record) return written(write_stored(link, slot, record));
  const std::span<const std::byte> payload = encode(slot);
  if (payload.size() > link.requests.payload_bytes_max()) return Written::too_large;
  return written(link.requests.write(static_cast<std::uint8_t>(kind), slot,
                                     core_.table.sequence_of(slot), payload));
}

}  // namespace ray::core_worker
