#include "runtime/core_worker/reply_reader.h"

#include <ray/error.h>

#include <algorithm>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/reference_table.h"
#include "runtime/core_worker/stream_reader.h"

namespace ray::core_worker {

int ReplyReader::read(WorkerLink& link, Listener& listener, int max) {
  int count = 0;
  bool advanced = false;
  ipc::Record reply;
  while (count < max) {
    const ipc::TakeResult taken = link.replies.take(reply);
    if (taken == ipc::TakeResult::empty) break;
    if (taken == ipc::TakeResult::broken || !handle(link, listener, reply)) {
      // Its results cannot be trusted any more, nor can what it does next be waited for.
      core_.log.error("worker ", link.pid, " wrote a reply that makes no sense; it is ended");
      if (link.lease != 0) core_.control.queue(ipc::KillWorker{link.lease});
      break;
    }
    ++count;
    // A generator that yields keeps what is behind it waiting all the same.
    const auto kind = static_cast<RecordKind>(reply.kind);
    advanced |= kind != RecordKind::item && kind != RecordKind::stored_item;
  }
  if (count != 0) link.replies.release();
  if (advanced) link.last_heard = base::ticks();
  return count;
}

bool ReplyReader::handle(WorkerLink& link, Listener& listener, const ipc::Record& reply) {
  const auto kind = static_cast<RecordKind>(reply.kind);
  if (kind == RecordKind::blocked || kind == RecordKind::unblocked) {
    listener.blocked(link, kind == RecordKind::blocked);
    return true;
  }
  if (kind == RecordKind::item) return take_item(link, reply);
  if (kind == RecordKind::stored_item) return take_stored_item(link, reply);
  if (kind != RecordKind::small_result && kind != RecordKind::results &&
      kind != RecordKind::stored_results) {
    return false;
  }
  const Record* record = core_.table.find(reply.sequence, reply.tag);
  if (record == nullptr || record->worker != link.number ||
      record->state.load(std::memory_order_relaxed) != RecordState::pushed) {
    return true;  // of a task that was given up
  }
  const std::uint64_t expected = LeaseClient::expected_ticks(functions_.at(record->function));
  link.backlog_ticks -= std::min(link.backlog_ticks, expected);
  const bool sound = kind == RecordKind::stored_results
                         ? complete_stored(link.process, reply.tag, reply)
                         : complete(link.process, reply.tag, reply);
  listener.replied(link, reply.tag);
  return sound;
}

bool ReplyReader::take_item(WorkerLink& link, const ipc::Record& reply) {
  RecordReader reader(reply.payload);
  ItemHead head;
  ownership::Result item;
  if (!reader.get(head) || !read_result(reader, item)) return false;
  const Record* record = core_.table.find(reply.sequence, reply.tag);
  if (record == nullptr || record->worker != link.number ||
      record->state.load(std::memory_order_relaxed) != RecordState::pushed) {
    core_.streams->discard(item);  // of a task that was given up
    return true;
  }
  return core_.streams->item(link.process, reply.tag, head.index, std::move(item));
}

bool ReplyReader::take_stored_item(WorkerLink& link, const ipc::Record& reply) {
  StoredAt stored;
  if (!RecordReader(reply.payload).get(stored)) return false;
  const object_store::Location location = unpacked(stored.words);
  const auto bytes = core_.store->pin(location);
  if (!bytes.ok()) return false;
  const bool sound = take_item(link, {reply.kind, reply.tag, reply.sequence, *bytes});
  core_.store->unpin(location);
  core_.free_later(location);
  return sound;
}

void ReplyReader::complete_own(std::uint32_t slot, const ipc::Record& reply) {
  if (!complete(core_.welcome.process, slot, reply)) {
    core_.fail(slot, internal::ErrorKind::error, "its reply makes no sense");
  }
}

bool ReplyReader::complete_stored(std::uint64_t worker, std::uint32_t slot,
                                  const ipc::Record& reply) {
  StoredAt stored;
  if (!RecordReader(reply.payload).get(stored)) return false;
  const object_store::Location location = unpacked(stored.words);
  const auto bytes = core_.store->pin(location);
  if (!bytes.ok()) return false;
  const bool sound = complete(
      worker, slot, {static_cast<std::uint8_t>(RecordKind::results), slot, reply.sequence, *bytes});
  core_.store->unpin(location);
  core_.free_later(location);
  return sound;
}

bool ReplyReader::complete(std::uint64_t worker, std::uint32_t slot, const ipc::Record& reply) {
  ReplyTail tail;
  if (reply.payload.size() < sizeof tail) return false;
  RecordReader(reply.payload.last(sizeof tail)).get(tail);
  count_time(slot, tail.ticks);
  const auto body = reply.payload.first(reply.payload.size() - sizeof(ReplyTail));
  if (static_cast<RecordKind>(reply.kind) == RecordKind::small_result) {
    core_.table.complete(slot, {.bytes = body}, core_.effects);
    return true;
  }
  RecordReader reader(body);
  ResultsHead head;
  if (!reader.get(head)) return false;
  const ownership::TaskExtra* extra = core_.table.at(slot).extra;
  const std::size_t expected = 1 + (extra == nullptr ? 0 : extra->results.size());
  results_.clear();
  for (std::uint32_t i = 0; i < head.results; ++i) {
    if (!read_result(reader, results_.emplace_back())) return false;
  }
  for (std::uint32_t i = 0; i < head.retained; ++i) {
    PackedId id;
    if (!reader.get(id)) return false;
    core_.peers->change_borrow(object_id(id), worker, 1);
  }
  if (results_.size() == 1 && results_[0].is_error) {
    if (wants_retry(slot, results_[0].bytes) && core_.table.retry(slot)) {
      core_.effects.push_back({ownership::Effect::Kind::runnable, slot});
    } else {
      core_.table.fail(slot, results_[0].bytes, core_.effects);
    }
    return true;
  }
  if (results_.size() != expected) return false;
  const std::vector<std::uint32_t> others =
      extra == nullptr ? std::vector<std::uint32_t>() : extra->results;
  for (std::size_t i = 0; i < others.size(); ++i) {
    core_.table.complete(others[i], std::move(results_[i + 1]), core_.effects);
  }
  core_.table.complete(slot, std::move(results_[0]), core_.effects);
  return true;
}

bool ReplyReader::read_result(RecordReader& reader, ownership::Result& result) {
  DependencyHead head;
  if (!reader.get(head)) return false;
  result.is_error = head.is_error != 0;
  if (head.stored != 0) {
    StoredAt stored;
    if (!reader.get(stored)) return false;
    result.form = ownership::ResultForm::stored;
    std::copy(std::begin(stored.words), std::end(stored.words), result.location.begin());
  }
  return read_ids(reader, head.nested, result.nested) && reader.align() &&
         reader.get_bytes(head.bytes, result.bytes);
}

bool ReplyReader::read_ids(RecordReader& reader, std::uint32_t count, ReferenceList& cells) {
  for (std::uint32_t i = 0; i < count; ++i) {
    PackedId id;
    if (!reader.get(id)) return false;
    cells.push_back(&core_.references->meet(object_id(id), 1));
  }
  return true;
}

bool ReplyReader::wants_retry(std::uint32_t slot, std::span<const std::byte> error) {
  const Record& record = core_.table.at(slot);
  const std::uint32_t plan = record.extra == nullptr ? 0 : record.extra->plan;
  const auto& options = functions_.at(record.function).plans[plan]->options;
  if (!options.retry_exceptions) return false;
  try {
    const internal::ErrorRecord decoded = internal::decode_error(error);
    return decoded.kind == internal::ErrorKind::task &&
           internal::retry_matches(*options.retry_exceptions, decoded);
  } catch (const Error&) {
    return false;  // no record: the task fails with what it is
  }
}

void ReplyReader::count_time(std::uint32_t slot, std::uint64_t ticks) {
  FunctionEntry& function = functions_.at(core_.table.at(slot).function);
  const std::uint64_t seen = std::max<std::uint64_t>(ticks, 1);
  function.ticks = function.ticks == 0 ? seen : (function.ticks * 7 + seen + 7) / 8;
}

}  // namespace ray::core_worker
