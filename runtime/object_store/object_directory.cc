#include "runtime/object_store/object_directory.h"

#include "runtime/base/check.h"

namespace ray::object_store {

const ObjectDirectory::Entry* ObjectDirectory::find(std::uint32_t slot,
                                                    std::uint64_t sequence) const {
  if (slot >= entries_.size()) return nullptr;
  const Entry& entry = entries_[slot];
  return entry.state != SlotState::free && entry.sequence == sequence ? &entry : nullptr;
}

std::uint32_t ObjectDirectory::lease(base::ProcessId creator) {
  CHECK(free_slots() > 0);
  std::uint32_t slot = slots_used();
  if (free_.empty()) {
    entries_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Entry& entry = entries_[slot];
  entry.state = SlotState::leased;
  entry.sequence = next_sequence_++;
  entry.creator = creator;
  table_[slot].sequence.store(entry.sequence, std::memory_order_relaxed);
  table_[slot].state.store(SlotState::leased, std::memory_order_release);
  return slot;
}

std::optional<ObjectDirectory::Claim> ObjectDirectory::claim(std::uint32_t slot) const {
  const SlotRecord& record = table_[slot];
  if (record.state.load(std::memory_order_acquire) != SlotState::sealed) return std::nullopt;
  return Claim{.object = {.owner = {record.owner},
                          .sequence = record.object_sequence,
                          .slot = record.object_slot},
               .offset = record.offset,
               .length = record.length};
}

void ObjectDirectory::seal(std::uint32_t slot, const Claim& claim, std::int64_t now_ns) {
  Entry& entry = entries_[slot];
  CHECK(entry.state == SlotState::leased);
  entry.state = SlotState::sealed;
  entry.object = claim.object;
  entry.offset = claim.offset;
  entry.length = claim.length;
  entry.sealed_ns = now_ns;
  ++objects_;
}

void ObjectDirectory::retire(std::uint32_t slot) {
  Entry& entry = entries_[slot];
  CHECK(entry.state == SlotState::sealed);
  entry.state = SlotState::retiring;
  table_[slot].state.store(SlotState::retiring, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void ObjectDirectory::release(std::uint32_t slot) {
  Entry& entry = entries_[slot];
  CHECK(entry.state == SlotState::leased || entry.state == SlotState::retiring);
  if (entry.state == SlotState::retiring) --objects_;
  entry = Entry{};
  table_[slot].state.store(SlotState::free, std::memory_order_relaxed);
  free_.push_back(slot);
}

}  // namespace ray::object_store
