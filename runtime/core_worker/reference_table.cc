#include "runtime/core_worker/reference_table.h"

#include <new>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/progress_leader.h"

namespace ray::core_worker {
namespace {

// A task of this process waits for the value of a borrowed object.
class DependencyWatcher final : public Watcher {
 public:
  DependencyWatcher(Core& core, BorrowedCell& cell, std::uint64_t sequence, std::uint32_t slot)
      : core_(core), cell_(cell), sequence_(sequence), slot_(slot) {}

  void completed() override {
    const Record* task = core_.table.find(sequence_, slot_);
    if (task != nullptr && !task->complete()) {
      if (cell_.state.load(std::memory_order_relaxed) == RecordState::failed) {
        core_.table.fail(slot_, cell_.bytes, core_.effects);
      } else {
        core_.table.dependency_ready(sequence_, slot_, core_.effects);
      }
    }
    delete this;
  }
  void abandoned() override { delete this; }

 private:
  Core& core_;
  BorrowedCell& cell_;
  const std::uint64_t sequence_;
  const std::uint32_t slot_;
};

}  // namespace

ReferenceTable::~ReferenceTable() {
  for (auto& [id, cell] : borrowed_) delete cell;
}

void ReferenceTable::release(ObjectCell& cell) noexcept {
  Cell& mine = static_cast<Cell&>(cell);
  Cell* head = released_.load(std::memory_order_relaxed);
  do {
    mine.next_released = head;
  } while (!released_.compare_exchange_weak(head, &mine, std::memory_order_seq_cst,
                                            std::memory_order_relaxed));
  if (head == nullptr) core_.leader->released();
}

void ReferenceTable::drain() {
  Cell* cell = released_.exchange(nullptr, std::memory_order_acquire);
  while (cell != nullptr) {
    Cell* next = cell->next_released;
    bool revived = false;
    if (is_owned(*cell)) {
      Record& record = record_of(*cell);
      revived = record.revived;
      record.revived = false;
    } else {
      revived = std::exchange(borrowed(*cell).revived, false);
    }
    if (!revived || cell->references.fetch_sub(1, std::memory_order_acq_rel) == 1) gone(*cell);
    cell = next;
  }
}

ReferenceTable::Owned ReferenceTable::make_owned(ownership::RecordKind kind) {
  const auto created = core_.table.create(kind);
  Cell* cell = new (created.record->head) Cell;
  cell->engine = &core_.engine;
  cell->id = {core_.welcome.process, created.sequence, created.slot};
  return {created.record, cell, created.slot};
}

bool ReferenceTable::is_owned(const ObjectCell& cell) const {
  return cell.id.owner == core_.welcome.process;
}

BorrowedCell* ReferenceTable::find_borrowed(const internal::ObjectId& id) {
  const auto entry = borrowed_.find(id);
  return entry == borrowed_.end() ? nullptr : entry->second;
}

ObjectCell& ReferenceTable::meet(const internal::ObjectId& id, std::int32_t registrations) {
  if (id.owner == core_.welcome.process) {
    Record* record = core_.table.find(id.sequence, id.slot);
    if (record != nullptr && !record->forgotten) {
      Cell& cell = cell_of(*record);
      if (!record->referenced) {
        cell.references.store(1, std::memory_order_relaxed);
        core_.table.revived(id.slot);
      } else if (cell.references.fetch_add(1, std::memory_order_relaxed) == 0) {
        cell.references.fetch_add(1, std::memory_order_relaxed);
        record->revived = true;
      }
      if (registrations != 0) {
        core_.table.borrower_added(id.slot, id.owner, -registrations, core_.effects);
      }
      return cell;
    }
    // Nobody protected it on its way: its holder learns that when it asks.
    const Owned lost = make_owned(ownership::RecordKind::object);
    core_.fail(lost.slot, internal::ErrorKind::object_lost,
               "the object was freed while a reference to it was on its way");
    return *lost.cell;
  }
  BorrowedCell*& entry = borrowed_[id];
  if (entry == nullptr) {
    entry = new BorrowedCell;
    entry->engine = &core_.engine;
    entry->id = id;
  } else if (entry->references.fetch_add(1, std::memory_order_relaxed) == 0) {
    entry->references.fetch_add(1, std::memory_order_relaxed);
    entry->revived = true;
  }
  entry->registrations += registrations;
  return *entry;
}

void ReferenceTable::drop(ObjectCell& cell) {
  if (cell.references.fetch_sub(1, std::memory_order_acq_rel) == 1) gone(cell);
}

void ReferenceTable::drop_all(const ReferenceList& cells) {
  for (ObjectCell* cell : cells) drop(*cell);
}

void ReferenceTable::gone(ObjectCell& cell) {
  if (is_owned(cell)) {
    core_.table.released(cell.id.slot, core_.effects);
    return;
  }
  ReferenceList more;
  forget_borrowed(borrowed(cell), more);
  while (!more.empty()) {
    ObjectCell* next = more.back();
    more.pop_back();
    if (next->references.fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
    if (is_owned(*next)) {
      core_.table.released(next->id.slot, core_.effects);
    } else {
      forget_borrowed(borrowed(*next), more);
    }
  }
}

void ReferenceTable::forget_borrowed(BorrowedCell& cell, ReferenceList& more) {
  for (Watcher* watcher : cell.watchers) watcher->abandoned();
  if (cell.registrations != 0) {
    core_.peers->change_borrow(cell.id, core_.welcome.process, -cell.registrations);
  }
  core_.actors->forget(cell.id);
  more.insert(more.end(), cell.nested.begin(), cell.nested.end());
  borrowed_.erase(cell.id);
  delete &cell;
}

bool ReferenceTable::complete(ObjectCell& cell) const {
  return is_owned(cell) ? record_of(cell).complete() : borrowed(cell).complete();
}

bool ReferenceTable::failed(ObjectCell& cell) const {
  return (is_owned(cell) ? record_of(cell).state : borrowed(cell).state)
             .load(std::memory_order_acquire) == RecordState::failed;
}

bool ReferenceTable::await(std::uint32_t task, ObjectCell& cell) {
  Record& record = core_.table.at(task);
  internal::acquire(&cell);
  core_.table.extra(record).dependencies.push_back(&cell);
  if (complete(cell)) {
    if (!failed(cell)) return false;
    if (!record.complete()) core_.table.fail(task, error_of(cell), core_.effects);
    return true;
  }
  if (is_owned(cell)) {
    core_.table.add_dependency(task, cell.id.slot);
    return false;
  }
  core_.table.add_outer_dependency(task);
  BorrowedCell& mine = borrowed(cell);
  mine.watchers.push_back(new DependencyWatcher(core_, mine, core_.table.sequence_of(task), task));
  core_.peers->request_value(mine);
  return false;
}

bool ReferenceTable::watch(ObjectCell& cell, Watcher& watcher) {
  if (is_owned(cell)) {
    return core_.table.watch(cell.id.slot, reinterpret_cast<std::uint64_t>(&watcher));
  }
  BorrowedCell& mine = borrowed(cell);
  if (mine.complete()) return false;
  mine.watchers.push_back(&watcher);
  core_.peers->request_value(mine);
  return true;
}

void ReferenceTable::unwatch(ObjectCell& cell, Watcher& watcher) {
  if (is_owned(cell)) {
    core_.table.unwatch(cell.id.slot, reinterpret_cast<std::uint64_t>(&watcher));
  } else {
    std::erase(borrowed(cell).watchers, &watcher);
  }
}

std::span<const std::byte> ReferenceTable::error_of(ObjectCell& cell) const {
  return is_owned(cell) ? record_of(cell).result_bytes()
                        : std::span<const std::byte>(borrowed(cell).bytes);
}

bool ReferenceTable::give_back(ObjectCell& cell) {
  if (cell.references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    gone(cell);
    return false;
  }
  if (is_owned(cell) || borrowed(cell).registrations != 0) return false;
  borrowed(cell).registrations = 1;
  return true;
}

void ReferenceTable::arrive(BorrowedCell& cell, Arrival arrival) {
  if (cell.complete()) {
    drop_all(arrival.nested);
    return;
  }
  cell.stored = arrival.stored;
  cell.location = arrival.location;
  cell.bytes.assign(arrival.bytes.begin(), arrival.bytes.end());
  cell.nested = std::move(arrival.nested);
  cell.state.store(arrival.is_error ? RecordState::failed : RecordState::done,
                   std::memory_order_release);
  const std::vector<Watcher*> watchers = std::move(cell.watchers);
  cell.watchers.clear();
  for (Watcher* watcher : watchers) watcher->completed();
}

void ReferenceTable::owner_died(std::uint64_t process, const std::string& cause) {
  std::vector<BorrowedCell*> orphans;
  for (auto& [id, cell] : borrowed_) {
    if (id.owner != process) continue;
    cell->registrations = 0;
    if (cell->complete()) continue;
    // One orphan's watchers may drop the last reference to another.
    if (cell->references.fetch_add(1, std::memory_order_relaxed) == 0) {
      cell->references.fetch_add(1, std::memory_order_relaxed);
      cell->revived = true;
    }
    orphans.push_back(cell);
  }
  if (orphans.empty()) return;
  const auto error = core_.make_error(internal::ErrorKind::owner_died,
                                      "the process that owns the object has died: " + cause);
  for (BorrowedCell* cell : orphans) {
    arrive(*cell, {.is_error = true, .bytes = error});
    drop(*cell);
  }
}

}  // namespace ray::core_worker
