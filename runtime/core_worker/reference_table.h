// ReferenceTable finds the cell for an id, makes cells for ids that come from elsewhere, and lets
// go of those whose last reference is gone.
//
// The last drop of a reference may happen under any lock of the user's, so release() only pushes
// the cell on a lock-free list, which the next holder of the engine's lock drains. An id that comes
// back meanwhile revives its cell: the waiting entry then counts as one reference. Threading:
// release() from any thread; all else under the engine's lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/core_worker/cells.h"
#include "runtime/ownership/owner_table.h"

namespace ray::core_worker {

class Core;

class ReferenceTable {
 public:
  explicit ReferenceTable(Core& core) : core_(core) {}
  ~ReferenceTable();

  void release(ObjectCell& cell) noexcept;
  bool has_released() const { return released_.load(std::memory_order_relaxed) != nullptr; }
  void drain();

  struct Owned {
    Record* record;
    Cell* cell;
    std::uint32_t slot;
  };
  // A record of this process with one reference, which is the caller's.
  Owned make_owned(ownership::RecordKind kind);
  // The cell for `id` with one more reference. `registrations`: how often the giver has told the
  // owner of this process as a borrower.
  ObjectCell& meet(const internal::ObjectId& id, std::int32_t registrations);
  void drop(ObjectCell& cell);
  void drop_all(const ReferenceList& cells);

  bool is_owned(const ObjectCell& cell) const;
  // Of an owned cell: the slot of the task that makes it, or of itself.
  static std::uint32_t task_of(ObjectCell& cell) {
    const Record& record = record_of(cell);
    return record.kind == ownership::RecordKind::result ? record.next : cell.id.slot;
  }
  BorrowedCell* find_borrowed(const internal::ObjectId& id);
  static BorrowedCell& borrowed(ObjectCell& cell) { return static_cast<BorrowedCell&>(cell); }
  // Whether the cell's value or error is there; any thread that holds a reference.
  bool complete(ObjectCell& cell) const;
  bool failed(ObjectCell& cell) const;

  // `task` needs the value of `cell`, and holds it from now on. True where the task failed with it.
  bool await(std::uint32_t task, ObjectCell& cell);
  // Whoever holds a reference is told once it is complete; false where it is.
  bool watch(ObjectCell& cell, Watcher& watcher);
  void unwatch(ObjectCell& cell, Watcher& watcher);
  std::span<const std::byte> error_of(ObjectCell& cell) const;

  // Of a reference lent by a task's arguments, when the task ends: whether this process goes on
  // holding it, unknown to the owner so far. Takes the lent reference back.
  bool give_back(ObjectCell& cell);

  // A borrowed object's value has come, or will not.
  struct Arrival {
    bool is_error = false;
    bool stored = false;
    std::span<const std::byte> bytes;
    object_store::Location location{};
    ReferenceList nested = {};
  };
  void arrive(BorrowedCell& cell, Arrival arrival);
  void owner_died(std::uint64_t process, const std::string& cause);
  bool holds_others() const { return !borrowed_.empty(); }

 private:
  void gone(ObjectCell& cell);
  void forget_borrowed(BorrowedCell& cell, ReferenceList& more);

  Core& core_;
  std::atomic<Cell*> released_{nullptr};
  absl::flat_hash_map<internal::ObjectId, BorrowedCell*, HashId> borrowed_;
};

}  // namespace ray::core_worker
