// ObjectDirectory is the host's record of every slot: who may seal it, or which object is in it. It
// writes the shared slot table, for readers; what it believes is its own copy, in the heap.
//
// Threading: one thread. Ownership: the table's memory is the caller's.
// Limits: `slots` objects. The heap grows with the highest number of slots in use, 80 bytes each.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/object_store/store_layout.h"

namespace ray::object_store {

class ObjectDirectory {
 public:
  struct Entry {
    SlotState state = SlotState::free;
    std::uint64_t sequence = 0;
    base::ProcessId creator;  // who leased the slot
    // From `sealed` on:
    base::ObjectId object;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::int64_t sealed_ns = 0;

    std::uint64_t reserved() const { return reserved_bytes(length); }
  };

  // What a client wrote into its slot: to be checked.
  struct Claim {
    base::ObjectId object;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };

  ObjectDirectory(SlotRecord* table, std::uint32_t slots) : table_(table), slots_(slots) {}

  std::uint32_t free_slots() const {
    return slots_ - static_cast<std::uint32_t>(entries_.size() - free_.size());
  }
  std::uint32_t objects() const { return objects_; }

  // Null where the slot does not hold this sequence now.
  const Entry* find(std::uint32_t slot, std::uint64_t sequence) const;
  const Entry& at(std::uint32_t slot) const { return entries_[slot]; }
  std::uint32_t slots_used() const { return static_cast<std::uint32_t>(entries_.size()); }

  // free -> leased. There must be a free slot.
  std::uint32_t lease(base::ProcessId creator);
  // What the holder of this leased slot has sealed in it, if it has.
  std::optional<Claim> claim(std::uint32_t slot) const;
  // leased -> sealed, with a claim that was found right.
  void seal(std::uint32_t slot, const Claim& claim, std::int64_t now_ns);
  // sealed -> retiring: no reader can pin it after this and a look at the pins.
  void retire(std::uint32_t slot);
  // leased or retiring -> free.
  void release(std::uint32_t slot);

 private:
  SlotRecord* const table_;
  const std::uint32_t slots_;
  std::uint64_t next_sequence_ = 1;
  std::uint32_t objects_ = 0;        // sealed or retiring
  std::vector<Entry> entries_;       // of every slot that was ever leased
  std::vector<std::uint32_t> free_;  // of those, the free ones; the last is taken first
};

}  // namespace ray::object_store
