// The messages between a process and the object store of its node, which the raylet hosts. They
// travel over the control socket (ipc/control_messages.h) with types 100-199; object bytes never
// do.
//
// Flow of an object: the creator asks LeaseArena and gets ArenaLeased (or StoreFull), cuts an
// extent from it, fills it, writes the slot (store_layout.h) and posts ObjectSealed. Its Location
// then travels to whoever may read it; readers pin without a message. The owner posts FreeObjects
// when its count reaches zero. These may overtake each other, since they come from different
// processes: a free that comes before the ObjectSealed of its creator is right.
//
// Limits: a Location comes from another process: whoever uses it checks it against the store first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/ids.h"

namespace ray::object_store {

enum class StoreMessageType : std::uint16_t {
  // A client's, to the store.
  lease_arena = 100,
  object_sealed = 101,
  free_objects = 102,
  return_arena = 103,
  disclaim_objects = 104,
  // The store's, to a client.
  arena_leased = 150,
  store_full = 151,
  reclaim_arena = 152,
};

// Where a sealed object is on this node. `sequence` never repeats in a store, so a Location that
// outlived its object names nothing rather than another object.
struct Location {
  std::uint32_t slot = 0;
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;  // bytes from the start of the store
  std::uint64_t length = 0;  // bytes
  auto fields() { return std::tie(slot, sequence, offset, length); }
  friend bool operator==(const Location&, const Location&) = default;
};

// Asks for one range of at least `minimum` bytes, if possible `wanted`, and for `slots` free slots.
// `minimum` 0 asks for slots alone. Answered by ArenaLeased or, after a bounded wait for others to
// free something, by StoreFull.
struct LeaseArena {
  static constexpr auto kType = StoreMessageType::lease_arena;
  std::uint64_t request = 0;
  std::uint64_t minimum = 0;
  std::uint64_t wanted = 0;
  std::uint32_t slots = 0;
  auto fields() { return std::tie(request, minimum, wanted, slots); }
};

// The slot table says what was sealed: only the slot's name is needed.
struct ObjectSealed {
  static constexpr auto kType = StoreMessageType::object_sealed;
  std::uint32_t slot = 0;
  std::uint64_t sequence = 0;
  auto fields() { return std::tie(slot, sequence); }
};

// From the owner: its counts are zero. Memory returns once nobody pins it.
struct FreeObjects {
  static constexpr auto kType = StoreMessageType::free_objects;
  std::vector<Location> objects;
  auto fields() { return std::tie(objects); }
};

// What the client leased and did not seal: `length` may be 0 when only slots go back.
struct ReturnArena {
  static constexpr auto kType = StoreMessageType::return_arena;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::vector<std::uint32_t> slots;
  auto fields() { return std::tie(offset, length, slots); }
};

// From an owner, once it has read all that a dead process told it: whatever that process sealed
// under these ids was never announced and is freed.
struct DisclaimObjects {
  static constexpr auto kType = StoreMessageType::disclaim_objects;
  base::ProcessId creator;
  std::vector<base::ObjectId> objects;
  auto fields() { return std::tie(creator, objects); }
};

// `length` bytes from `offset` are the client's until sealed or returned; `slots` are its own too,
// their sequences stand in the slot table.
struct ArenaLeased {
  static constexpr auto kType = StoreMessageType::arena_leased;
  std::uint64_t request = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::vector<std::uint32_t> slots;
  auto fields() { return std::tie(request, offset, length, slots); }
};

struct StoreFull {
  static constexpr auto kType = StoreMessageType::store_full;
  std::uint64_t request = 0;
  std::string text;  // for the user: what was asked, what is free, and who holds the rest
  auto fields() { return std::tie(request, text); }
};

// Others wait for memory: what is leased and unused is to be returned now.
struct ReclaimArena {
  static constexpr auto kType = StoreMessageType::reclaim_arena;
  std::uint64_t wanted = 0;  // bytes that are waited for
  auto fields() { return std::tie(wanted); }
};

using ClientMessage =
    std::variant<LeaseArena, ObjectSealed, FreeObjects, ReturnArena, DisclaimObjects>;
using HostMessage = std::variant<ArenaLeased, StoreFull, ReclaimArena>;

// As a packet of the control socket: the type, then the fields. Decoding refuses types that are not
// of the asked kind.
std::string encode_packet(const ClientMessage& message);
std::string encode_packet(const HostMessage& message);
absl::StatusOr<ClientMessage> decode_client_packet(std::string_view packet);
absl::StatusOr<HostMessage> decode_host_packet(std::string_view packet);

}  // namespace ray::object_store
