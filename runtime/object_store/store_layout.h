// The layout of the store's shared memory: the one place that knows where its bytes are.
//
//   header | client table | slot table | pin bitmaps, one a client | data
//
// Each part starts on a page. The host writes header and client table; a slot is written by the
// host and, while leased, by one client; a pin bitmap by its client alone; data by whoever leased
// it.
//
// Threading: the memory is shared between processes. Fields that two of them use at a time are
// atomics; the order that makes pin and free agree is told in pin_bitmap.h.
// Limits: offsets and lengths are bytes from the start of the memory; objects are aligned to 64.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/object_store/store_messages.h"

namespace ray::object_store {

inline constexpr std::uint64_t kStoreMagic = 0x7261792d73746f72;  // "ray-stor"
inline constexpr std::uint32_t kStoreVersion = 1;
inline constexpr std::uint64_t kPageBytes = 4096;
inline constexpr std::uint64_t kObjectAlignment = 64;

constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

// What an object of `length` bytes takes.
constexpr std::uint64_t reserved_bytes(std::uint64_t length) {
  return length == 0 ? kObjectAlignment : align_up(length, kObjectAlignment);
}

enum class SlotState : std::uint32_t { free, leased, sealed, retiring };

// One object. free -> leased by the host, with a new sequence; leased -> sealed by the client, with
// release, after all other fields; sealed -> retiring -> free by the host.
struct alignas(64) SlotRecord {
  std::atomic<SlotState> state;
  std::uint32_t object_slot;  // the object's id, with the two below
  std::uint64_t owner;
  std::uint64_t object_sequence;
  std::atomic<std::uint64_t> sequence;
  std::uint64_t offset;
  std::uint64_t length;
};
static_assert(sizeof(SlotRecord) == 64);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

struct ClientRecord {
  std::atomic<std::uint64_t> process;  // 0: none
};

struct StoreHeader {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t slots;
  std::uint32_t clients_max;
  std::uint32_t page_bytes;
  std::uint64_t capacity;  // bytes of data
};

// Where the parts are; a function of three figures, so that both sides compute it alike.
struct StoreLayout {
  std::uint32_t slots = 0;
  std::uint32_t clients_max = 0;
  std::uint64_t capacity = 0;

  constexpr std::uint64_t client_table() const { return kPageBytes; }
  constexpr std::uint64_t slot_table() const {
    return client_table() + align_up(clients_max * sizeof(ClientRecord), kPageBytes);
  }
  constexpr std::uint64_t pin_bytes() const {
    return align_up(align_up(slots, 64) / 8, kPageBytes);
  }
  constexpr std::uint64_t pin_bitmap(std::uint32_t client) const {
    return slot_table() + align_up(std::uint64_t{slots} * sizeof(SlotRecord), kPageBytes) +
           client * pin_bytes();
  }
  constexpr std::uint64_t data() const { return pin_bitmap(clients_max); }
  constexpr std::uint64_t size() const { return data() + capacity; }
};

}  // namespace ray::object_store
