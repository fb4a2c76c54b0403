// Cells are what references of this process point to: the head of an owned record, or a borrowed
// object's own record.
#pragma once

#include <ray/error.h>
#include <ray/internal/engine.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/hash/hash.h"
#include "runtime/core_worker/call_format.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/object_store/store_messages.h"
#include "runtime/ownership/record.h"

namespace ray::core_worker {

using internal::ObjectCell;
using ownership::Record;
using ownership::RecordState;
using ownership::ReferenceList;

// `next_released` links it into the list of cells whose last reference is gone.
struct Cell : ObjectCell {
  Cell* next_released = nullptr;
};
static_assert(sizeof(Cell) <= Record::kHeadBytes);

inline Record& record_of(ObjectCell& cell) { return reinterpret_cast<Record&>(cell); }
inline Cell& cell_of(Record& record) { return reinterpret_cast<Cell&>(record.head); }

// The store knows item `index` of a task by the task's sequence and this slot, which no record has.
inline std::uint32_t item_slot(std::uint64_t index) { return ~static_cast<std::uint32_t>(index); }

struct HashId {
  std::size_t operator()(const internal::ObjectId& id) const {
    return absl::HashOf(id.owner, id.sequence);
  }
};

// Told, under the engine's lock, that what it watches is complete. It may delete itself.
class Watcher {
 public:
  virtual void completed() = 0;
  // What it watches will not be looked at again by this process.
  virtual void abandoned() {}

 protected:
  ~Watcher() = default;
};

// What this process knows of an object, or actor, that another one owns.
struct BorrowedCell : Cell {
  std::atomic<RecordState> state{RecordState::pending};  // pending, done or failed
  bool stored = false;
  bool requested = false;          // its value, of its owner
  bool revived = false;            // met again while on the list of released cells
  std::int32_t registrations = 0;  // as a borrower, with the owner
  std::vector<std::byte> bytes;    // the value or the error, unless stored
  object_store::Location location;
  ReferenceList nested;
  std::vector<Watcher*> watchers;

  bool complete() const {
    const RecordState seen = state.load(std::memory_order_acquire);
    return seen == RecordState::done || seen == RecordState::failed;
  }
};

inline ownership::Location packed(const object_store::Location& location) {
  return {location.slot, location.sequence, location.offset, location.length};
}
inline object_store::Location unpacked(const std::uint64_t* words) {
  return {.slot = static_cast<std::uint32_t>(words[0]),
          .sequence = words[1],
          .offset = words[2],
          .length = words[3]};
}

inline ipc::WireId wire_id(const internal::ObjectId& id) {
  return {.owner = id.owner, .sequence = id.sequence, .slot = id.slot};
}
inline internal::ObjectId object_id(const ipc::WireId& id) {
  return {.owner = id.owner, .sequence = id.sequence, .slot = id.slot};
}
inline PackedId packed_id(const internal::ObjectId& id) {
  return {.owner = id.owner, .sequence = id.sequence, .slot = id.slot};
}
inline internal::ObjectId object_id(const PackedId& id) {
  return {.owner = id.owner, .sequence = id.sequence, .slot = id.slot};
}

}  // namespace ray::core_worker
