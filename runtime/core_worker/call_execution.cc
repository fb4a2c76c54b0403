#include "runtime/core_worker/call_execution.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {
namespace {

// An error record longer than this would not fit into a reply.
constexpr std::size_t kErrorBytesMax = internal::Engine::kInlineBytesMax;

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool CallExecution::parse(const ipc::RecordHeader& name, std::uint64_t owner,
                          std::span<const std::byte> payload) {
  owner_ = owner;
  sequence_ = name.sequence;
  slot_ = name.tag;
  large_arguments_ = false;
  names_.clear();
  nested_.clear();
  lent_.clear();
  dependencies_.clear();
  results_used_ = 0;
  inline_total_ = 0;
  failed_ = false;
  object_ = nullptr;
  destroy_ = nullptr;
  group_.clear();
  item_window_ = 0;
  head_ = {};
  if (static_cast<RecordKind>(name.kind) == RecordKind::stored_call && !parse_stored(payload)) {
    return false;
  }
  RecordReader reader(payload);
  if (!reader.get(head_) || !reader.get_bytes(head_.argument_bytes, arguments)) return false;
  if (head_.extended != 0 && !(reader.align() && parse_lists(reader))) return false;
  nested = nested_;
  return true;
}

bool CallExecution::parse_stored(std::span<const std::byte>& payload) {
  StoredAt stored;
  return RecordReader(payload).get(stored) && pin(unpacked(stored.words), payload, record_pin_);
}

bool CallExecution::parse_actor(RecordReader& reader) {
  if (!reader.get(actor_head_)) return false;
  actor_limits_ = {.threads = std::max(1u, actor_head_.threads), .groups = {}};
  for (std::uint32_t i = 0; i < actor_head_.groups; ++i) {
    GroupHead group;
    std::span<const std::byte> name;
    if (!reader.get(group) || !reader.get_bytes(group.name_bytes, name)) return false;
    actor_limits_.groups[text_of(name)] = std::max(1u, group.threads);
  }
  return true;
}

bool CallExecution::parse_ids(RecordReader& reader, std::uint32_t count,
                              std::vector<ObjectCell*>& cells) {
  for (std::uint32_t i = 0; i < count; ++i) {
    PackedId id;
    if (!reader.get(id)) return false;
    ObjectCell& cell = core_.references->meet(object_id(id), 0);
    cells.push_back(&cell);
    lent_.push_back(&cell);
  }
  return true;
}

bool CallExecution::parse_lists(RecordReader& reader) {
  CallLists lists;
  if (!reader.get(lists)) return false;
  item_window_ = lists.item_window;
  if (lists.has_large != 0) {
    StoredAt stored;
    if (!reader.get(stored)) return false;
    large_arguments_ = true;
    arguments_location_ = unpacked(stored.words);
  }
  if (lists.has_actor != 0 && !parse_actor(reader)) return false;
  std::span<const std::byte> group;
  if (!reader.get_bytes(lists.group_bytes, group)) return false;
  group_ = text_of(group);
  if (!parse_ids(reader, lists.nested, nested_)) return false;
  for (std::uint32_t i = 0; i < lists.results; ++i) {
    if (!reader.get(names_.emplace_back())) return false;
  }
  for (std::uint32_t i = 0; i < lists.dependencies; ++i) {
    Dependency& dependency = dependencies_.emplace_back();
    DependencyHead head;
    if (!reader.get(head)) return false;
    if (head.stored != 0) {
      StoredAt stored;
      if (!reader.get(stored)) return false;
      dependency.stored = true;
      dependency.location = unpacked(stored.words);
    }
    if (!parse_ids(reader, head.nested, dependency.nested)) return false;
    if (!reader.align() || !reader.get_bytes(head.bytes, dependency.bytes)) return false;
  }
  return true;
}

bool CallExecution::pin(const object_store::Location& location, std::span<const std::byte>& bytes,
                        std::shared_ptr<const void>& pin) {
  const auto pinned = core_.store->pin(location);
  if (!pinned.ok()) {
    fail(internal::ErrorKind::object_lost, "an argument is not in the object store any more: " +
                                               std::string(pinned.status().message()));
    return false;
  }
  bytes = *pinned;
  pin = std::shared_ptr<const void>(pinned->data(), [core = &core_, location](const void*) {
    if (core->usable()) core->store->unpin(location);
  });
  return true;
}

bool CallExecution::prepare() {
  if (large_arguments_ && !pin(arguments_location_, arguments, arguments_pin_)) return false;
  for (Dependency& dependency : dependencies_) {
    if (dependency.stored && !pin(dependency.location, dependency.bytes, dependency.pin)) {
      return false;
    }
  }
  return true;
}

internal::Value CallExecution::dependency(std::size_t index) {
  if (index >= dependencies_.size()) {
    internal::throw_error(internal::ErrorKind::error, "a call with fewer refs than it decodes");
  }
  const Dependency& dependency = dependencies_[index];
  return {.bytes = dependency.bytes,
          .nested = dependency.nested,
          .is_error = false,
          .pin = dependency.pin};
}

std::byte* CallExecution::result(std::size_t index, std::size_t bytes, internal::Cells nested) {
  core_.end_forked_child();
  if (index >= 1 + names_.size()) {
    internal::throw_error(internal::ErrorKind::error,
                          "a call with more results than were asked for");
  }
  if (index >= results_.size()) results_.resize(index + 1);
  while (results_used_ <= index) {
    Result& fresh = results_[results_used_++];
    fresh.bytes.clear();
    fresh.nested.clear();
    fresh.large = fresh.stored = false;
  }
  Result& result = results_[index];
  for (ObjectCell* cell : nested) {
    internal::acquire(cell);
    result.nested.push_back(cell);
  }
  if (inline_total_ + bytes <= internal::Engine::kInlineBytesMax) {
    inline_total_ += bytes;
    result.bytes.resize(bytes);
    // Encoders may be given an empty place, never none.
    static std::byte empty;
    return bytes == 0 ? &empty : result.bytes.data();
  }
  auto extent = core_.store->allocate(bytes);
  if (!extent.ok()) {
    const std::string message(extent.status().message());
    store_full_ = core_.make_error(internal::ErrorKind::object_store_full, message);
    internal::throw_error(internal::ErrorKind::object_store_full, message);
  }
  result.extent = *extent;
  result.large = true;
  return extent->data;
}

void CallExecution::forget_results() {
  for (std::size_t i = 0; i < results_used_; ++i) {
    Result& result = results_[i];
    if (result.large) core_.store->abandon(result.extent);
    result.large = false;
    for (ObjectCell* cell : result.nested) internal::drop(cell);
    result.nested.clear();
  }
  results_used_ = 0;
}

void CallExecution::fail(std::span<const std::byte> error) {
  // The dispatcher has caught what result() threw and takes it for the body's.
  if (!store_full_.empty()) error = store_full_;
  forget_results();
  failed_ = true;
  error_.assign(error.begin(), error.end());
  if (error.size() > kErrorBytesMax) {
    internal::ErrorRecord record = internal::decode_error(error);
    record.message.resize(std::min<std::size_t>(record.message.size(), 4096));
    record.stack.resize(std::min<std::size_t>(record.stack.size(), 4096));
    record.value.clear();
    error_ = internal::encode_error(record);
  }
}

void CallExecution::fail(internal::ErrorKind kind, const std::string& message) {
  fail(core_.make_error(kind, message));
}

void CallExecution::construct(void* object, void (*destroy)(void*)) {
  object_ = object;
  destroy_ = destroy;
  result(0, 0, {});
}

void CallExecution::seal() {
  if (failed_) return;
  // A body that gave fewer results than it has is a bug of the dispatcher's; its refs must end.
  if (results_used_ != 1 + names_.size()) {
    return fail(internal::ErrorKind::error, "the call ended without giving all of its results");
  }
  for (std::size_t i = 0; i < results_used_; ++i) {
    seal(results_[i], i == 0 ? sequence_ : names_[i - 1].sequence,
         i == 0 ? slot_ : names_[i - 1].slot);
  }
}

void CallExecution::seal(Result& result, std::uint64_t sequence, std::uint32_t slot) {
  if (!result.large) return;
  result.location =
      core_.store->seal(result.extent, base::ObjectId{base::ProcessId{owner_}, sequence, slot});
  result.large = false;
  result.stored = true;
}

bool CallExecution::yield() { return core_.executor->yield(); }

void CallExecution::seal_item(std::uint64_t index) {
  seal(results_[0], sequence_, item_slot(index));
}

RecordKind CallExecution::write_item(std::vector<std::byte>& payload, std::uint64_t index) {
  RecordWriter writer(payload);
  writer.put(ItemHead{.index = index});
  write_result(writer, results_[0]);
  return RecordKind::item;
}

void CallExecution::drop_item() {
  core_.references->drop_all(results_[0].nested);
  results_[0].nested.clear();
  results_used_ = 0;
  inline_total_ = 0;
}

void CallExecution::write_result(RecordWriter& writer, const Result& result) {
  const bool stored = result.stored;
  writer.put(DependencyHead{.bytes = stored ? 0 : result.bytes.size(),
                            .nested = static_cast<std::uint32_t>(result.nested.size()),
                            .stored = stored});
  if (stored) {
    StoredAt at;
    const ownership::Location words = packed(result.location);
    std::memcpy(at.words, words.data(), sizeof at.words);
    writer.put(at);
  }
  for (const ObjectCell* cell : result.nested) {
    writer.put(packed_id(cell->id));
    // Whoever gives a reference away tells its owner of the new holder.
    core_.peers->change_borrow(cell->id, owner_, 1);
  }
  writer.align();
  if (!stored) writer.put_bytes(result.bytes);
}

RecordKind CallExecution::write_reply(std::vector<std::byte>& payload, std::uint64_t ticks) {
  RecordWriter writer(payload);
  std::vector<PackedId> retained;
  // All are given back first: what is held twice is retained once.
  for (ObjectCell* cell : lent_) {
    const internal::ObjectId id = cell->id;
    if (core_.references->give_back(*cell)) retained.push_back(packed_id(id));
  }
  lent_.clear();
  const bool is_small = !failed_ && results_used_ == 1 && retained.empty() &&
                        results_[0].nested.empty() && !results_[0].stored;
  if (is_small) {
    writer.put_bytes(results_[0].bytes);
    writer.put(ReplyTail{ticks});
    return RecordKind::small_result;
  }
  const std::uint32_t count = failed_ ? 1 : static_cast<std::uint32_t>(results_used_);
  writer.put(
      ResultsHead{.results = count, .retained = static_cast<std::uint32_t>(retained.size())});
  if (failed_) {
    writer.put(DependencyHead{.bytes = error_.size(), .is_error = 1});
    writer.align();
    writer.put_bytes(error_);
  } else {
    for (std::size_t i = 0; i < results_used_; ++i) write_result(writer, results_[i]);
  }
  for (const PackedId& id : retained) writer.put(id);
  writer.put(ReplyTail{ticks});
  return RecordKind::results;
}

bool CallExecution::store_reply(std::vector<std::byte>& payload) {
  const auto extent = core_.store->allocate(payload.size());
  if (!extent.ok()) {
    fail(internal::ErrorKind::object_store_full, std::string(extent.status().message()));
    return false;
  }
  std::memcpy(extent->data, payload.data(), payload.size());
  const ownership::Location words =
      packed(core_.store->seal(*extent, base::ObjectId{base::ProcessId{owner_}, sequence_, slot_}));
  StoredAt stored;
  std::memcpy(stored.words, words.data(), sizeof stored.words);
  RecordWriter(payload).put(stored);
  return true;
}

void CallExecution::finish() {
  for (std::size_t i = 0; i < results_used_; ++i) {
    core_.references->drop_all(results_[i].nested);
    results_[i].nested.clear();
    if (results_[i].bytes.capacity() > 65536) std::vector<std::byte>().swap(results_[i].bytes);
  }
  results_used_ = 0;
  store_full_.clear();
  dependencies_.clear();
  arguments_pin_.reset();
  record_pin_.reset();
  core_.references->drop_all(lent_);
  lent_.clear();
}

}  // namespace ray::core_worker
