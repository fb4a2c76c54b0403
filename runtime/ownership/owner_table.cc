#include "runtime/ownership/owner_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/base/check.h"

namespace ray::ownership {
namespace {

void free_heap_result(Record& record) {
  if (record.form == ResultForm::heap) {
    delete[] record.body.heap.data;
    delete record.body.heap.nested;
  } else if (record.form == ResultForm::stored) {
    delete record.body.stored.nested;
  }
}

}  // namespace

OwnerTable::~OwnerTable() {
  each([](std::uint32_t, Record& record) {
    if (record.complete()) free_heap_result(record);
    delete record.extra;
  });
}

OwnerTable::Created OwnerTable::create(RecordKind kind) {
  std::uint32_t slot = free_;
  if (slot != Record::kNone) {
    free_ = at(slot).next;
  } else {
    slot = used_++;
    if (slot / kChunk == chunks_.size()) chunks_.push_back(std::make_unique<Chunk>());
  }
  Record& record = at(slot);
  DCHECK(record.state.load(std::memory_order_relaxed) == RecordState::free);
  record.kind = kind;
  record.form = ResultForm::inlined;
  record.inline_bytes = 0;
  record.retries = 0;
  record.referenced = true;
  record.cancelled = false;
  record.revived = false;
  record.forgotten = false;
  record.next = Record::kNone;
  record.watches = Record::kNone;
  record.extra = nullptr;
  record.state.store(RecordState::waiting, std::memory_order_relaxed);
  ++live_;
  const std::uint64_t sequence = next_sequence_++;
  chunks_[slot / kChunk]->sequences[slot % kChunk] = sequence;
  return {&record, sequence, slot};
}

Record* OwnerTable::find(std::uint64_t sequence, std::uint32_t slot) {
  if (slot == Record::kNone || slot >= used_ || sequence_of(slot) != sequence) return nullptr;
  Record& record = at(slot);
  return record.state.load(std::memory_order_relaxed) == RecordState::free ? nullptr : &record;
}

TaskExtra& OwnerTable::extra(Record& record) {
  if (record.extra != nullptr) return *record.extra;
  if (spare_extras_.empty()) {
    record.extra = new TaskExtra;
  } else {
    record.extra = spare_extras_.back().release();
    spare_extras_.pop_back();
  }
  return *record.extra;
}

void OwnerTable::set_arguments(Record& record, std::span<const std::byte> bytes) {
  if (bytes.size() <= Record::kInlineBytes) {
    record.inline_bytes = static_cast<std::uint8_t>(bytes.size());
    if (!bytes.empty()) std::memcpy(record.body.bytes, bytes.data(), bytes.size());
    return;
  }
  extra(record).arguments.assign(bytes.begin(), bytes.end());
}

std::span<const std::byte> OwnerTable::arguments(const Record& record) {
  if (record.extra != nullptr && !record.extra->arguments.empty()) return record.extra->arguments;
  return record.inlined();
}

void OwnerTable::add_watch(Record& record, std::uint32_t task, std::uint64_t token) {
  std::uint32_t index = free_watch_;
  if (index != Record::kNone) {
    free_watch_ = watches_[index].next;
  } else {
    index = static_cast<std::uint32_t>(watches_.size());
    watches_.emplace_back();
  }
  watches_[index] = {.task = task, .next = record.watches, .token = token};
  record.watches = index;
  ++watches_live_;
}

bool OwnerTable::add_dependency(std::uint32_t task, std::uint32_t dependency) {
  Record& record = at(dependency);
  if (record.complete()) return false;
  add_watch(record, task, sequence_of(task));
  ++extra(at(task)).missing;
  return true;
}

void OwnerTable::submitted(std::uint32_t task, Effects& effects) {
  Record& record = at(task);
  if (record.state.load(std::memory_order_relaxed) != RecordState::waiting) return;
  if (record.extra != nullptr && record.extra->missing != 0) return;
  record.state.store(RecordState::pending, std::memory_order_relaxed);
  effects.push_back({Effect::Kind::runnable, task});
}

void OwnerTable::put_off(std::uint32_t task) {
  Record& record = at(task);
  DCHECK(record.state.load(std::memory_order_relaxed) == RecordState::pending);
  ++extra(record).missing;
  record.state.store(RecordState::waiting, std::memory_order_relaxed);
}

void OwnerTable::dependency_ready(std::uint64_t sequence, std::uint32_t task, Effects& effects) {
  // A task that failed for another dependency is complete, or gone, while this one goes on.
  Record* record = find(sequence, task);
  if (record == nullptr || record->state.load(std::memory_order_relaxed) != RecordState::waiting) {
    return;
  }
  CHECK(record->extra != nullptr && record->extra->missing > 0);
  --record->extra->missing;
  submitted(task, effects);
}

void OwnerTable::pushed(std::uint32_t task, std::uint32_t worker) {
  Record& record = at(task);
  DCHECK(record.state.load(std::memory_order_relaxed) == RecordState::pending);
  record.state.store(RecordState::pushed, std::memory_order_relaxed);
  record.worker = worker;
}

void OwnerTable::taken_back(std::uint32_t task) {
  Record& record = at(task);
  DCHECK(record.state.load(std::memory_order_relaxed) == RecordState::pushed);
  record.state.store(RecordState::pending, std::memory_order_relaxed);
}

bool OwnerTable::retry(std::uint32_t task) {
  Record& record = at(task);
  DCHECK(record.state.load(std::memory_order_relaxed) == RecordState::pushed);
  if (record.cancelled || record.retries == 0) return false;
  if (record.retries != Record::kNoLimit) --record.retries;
  record.state.store(RecordState::pending, std::memory_order_relaxed);
  return true;
}

void OwnerTable::worker_died(std::uint32_t worker, Effects& effects) {
  each([&](std::uint32_t slot, Record& record) {
    if (record.state.load(std::memory_order_relaxed) != RecordState::pushed) return;
    if (record.worker != worker) return;
    effects.push_back({retry(slot) ? Effect::Kind::runnable : Effect::Kind::lost, slot});
  });
}

void OwnerTable::store_result(Record& record, Result& result) {
  auto list = [&]() -> ReferenceList* {
    return result.nested.empty() ? nullptr : new ReferenceList(std::move(result.nested));
  };
  record.form = result.form;
  if (result.form == ResultForm::stored) {
    record.body.stored = {result.location, list()};
    return;
  }
  if (result.bytes.size() <= Record::kInlineBytes && result.nested.empty()) {
    record.form = ResultForm::inlined;
    record.inline_bytes = static_cast<std::uint8_t>(result.bytes.size());
    if (!result.bytes.empty()) {
      std::memcpy(record.body.bytes, result.bytes.data(), result.bytes.size());
    }
    return;
  }
  record.form = ResultForm::heap;
  auto* data = new std::byte[result.bytes.size()];
  if (!result.bytes.empty()) std::memcpy(data, result.bytes.data(), result.bytes.size());
  record.body.heap = {data, result.bytes.size(), list()};
}

void OwnerTable::complete(std::uint32_t slot, Result result, Effects& effects) {
  Record& record = at(slot);
  if (result.is_error) {
    fail(slot, result.bytes, effects);
    return;
  }
  DCHECK(!record.complete());
  store_result(record, result);
  finish(slot, RecordState::done, effects);
}

void OwnerTable::fail(std::uint32_t slot, std::span<const std::byte> error, Effects& effects) {
  DCHECK(!at(slot).complete());
  // Errors pass from a task to those that wait for it, however long the chain: no recursion.
  std::vector<std::uint32_t> failing{slot};
  while (!failing.empty()) {
    const std::uint32_t current = failing.back();
    failing.pop_back();
    Record& record = at(current);
    if (record.complete()) continue;
    for (std::uint32_t index = record.watches; index != Record::kNone;
         index = watches_[index].next) {
      const Watch& watch = watches_[index];
      if (watch.task != Record::kNone && find(watch.token, watch.task) != nullptr) {
        failing.push_back(watch.task);
      }
    }
    if (record.extra != nullptr) {
      failing.insert(failing.end(), record.extra->results.begin(), record.extra->results.end());
    }
    Result result{.bytes = error};
    store_result(record, result);
    finish(current, RecordState::failed, effects);
  }
}

void OwnerTable::finish(std::uint32_t slot, RecordState state, Effects& effects) {
  Record& record = at(slot);
  record.state.store(state, std::memory_order_release);
  effects.push_back({Effect::Kind::complete, slot});
  std::uint32_t index = std::exchange(record.watches, Record::kNone);
  while (index != Record::kNone) {
    const Watch watch = watches_[index];
    watches_[index].next = free_watch_;
    free_watch_ = index;
    --watches_live_;
    if (watch.task == Record::kNone) {
      effects.push_back({Effect::Kind::notify, slot, watch.token});
    } else if (state == RecordState::done) {
      dependency_ready(watch.token, watch.task, effects);
    }
    index = watch.next;
  }
  forget_if_unreachable(slot, effects);
}

bool OwnerTable::watch(std::uint32_t slot, std::uint64_t token) {
  Record& record = at(slot);
  if (record.complete()) return false;
  add_watch(record, Record::kNone, token);
  return true;
}

void OwnerTable::unwatch(std::uint32_t slot, std::uint64_t token) {
  Record& record = at(slot);
  std::uint32_t* link = &record.watches;
  while (*link != Record::kNone) {
    Watch& watch = watches_[*link];
    if (watch.task == Record::kNone && watch.token == token) {
      const std::uint32_t index = *link;
      *link = watch.next;
      watch.next = free_watch_;
      free_watch_ = index;
      --watches_live_;
      return;
    }
    link = &watch.next;
  }
}

void OwnerTable::released(std::uint32_t slot, Effects& effects) {
  at(slot).referenced = false;
  forget_if_unreachable(slot, effects);
}

void OwnerTable::borrower_added(std::uint32_t slot, std::uint64_t process, std::int32_t count,
                                Effects& effects) {
  Borrowers& borrowers = borrowers_[slot];
  auto entry = std::find_if(borrowers.begin(), borrowers.end(),
                            [&](const auto& borrower) { return borrower.first == process; });
  if (entry == borrowers.end()) {
    borrowers.emplace_back(process, count);
  } else if ((entry->second += count) == 0) {
    borrowers.erase(entry);
  }
  if (borrowers.empty()) borrowers_.erase(slot);
  forget_if_unreachable(slot, effects);
}

void OwnerTable::borrower_died(std::uint64_t process, Effects& effects) {
  std::vector<std::uint32_t> changed;
  for (auto& [slot, borrowers] : borrowers_) {
    const auto gone = std::remove_if(borrowers.begin(), borrowers.end(), [&](const auto& borrower) {
      return borrower.first == process;
    });
    if (gone == borrowers.end()) continue;
    borrowers.erase(gone, borrowers.end());
    changed.push_back(slot);
  }
  std::sort(changed.begin(), changed.end());  // the same order every time
  for (const std::uint32_t slot : changed) {
    if (auto entry = borrowers_.find(slot); entry->second.empty()) borrowers_.erase(entry);
    forget_if_unreachable(slot, effects);
  }
}

void OwnerTable::forget_if_unreachable(std::uint32_t slot, Effects& effects) {
  Record& record = at(slot);
  if (record.referenced || record.forgotten || !record.complete()) return;
  if (!borrowers_.empty() && borrowers_.contains(slot)) return;
  record.forgotten = true;
  effects.push_back({Effect::Kind::forgotten, slot});
}

void OwnerTable::drop_task(Record& record, ReferenceList& held) {
  if (record.extra == nullptr) return;
  TaskExtra& extra = *record.extra;
  held.insert(held.end(), extra.dependencies.begin(), extra.dependencies.end());
  held.insert(held.end(), extra.nested.begin(), extra.nested.end());
  if (extra.actor != nullptr) held.push_back(extra.actor);
  extra.dependencies.clear();
  extra.nested.clear();
  extra.results.clear();
  extra.has_large = false;
  extra.large_is_lent = false;
  extra.has_record = false;
  extra.actor = nullptr;
  extra.missing = 0;
  extra.plan = 0;
  if (extra.arguments.capacity() > 4096) std::vector<std::byte>().swap(extra.arguments);
  extra.arguments.clear();
  spare_extras_.emplace_back(&extra);
  record.extra = nullptr;
}

void OwnerTable::recycle(std::uint32_t slot, ReferenceList& nested) {
  Record& record = at(slot);
  DCHECK(record.complete() && !record.referenced && record.watches == Record::kNone);
  if (const ReferenceList* list = record.result_nested(); list != nullptr) {
    nested.insert(nested.end(), list->begin(), list->end());
  }
  drop_task(record, nested);
  free_heap_result(record);
  record.form = ResultForm::inlined;
  record.state.store(RecordState::free, std::memory_order_relaxed);
  record.next = free_;
  free_ = slot;
  --live_;
}

}  // namespace ray::ownership
