// Ids are the names that cross processes: one strong type for each kind of thing, so that a lease
// cannot be passed where a node is meant.
//
// An id is 64 random bits, never zero; zero means "none". They print as 16 hexadecimal digits.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"

namespace ray::base {

// 64 bits from the kernel's generator, never zero.
std::uint64_t random_bits();
std::string to_hex(std::uint64_t value);  // 16 digits
absl::StatusOr<std::uint64_t> parse_hex(std::string_view text);

template <class Tag>
struct Id {
  std::uint64_t value = 0;

  static Id random() { return Id{random_bits()}; }
  static absl::StatusOr<Id> parse(std::string_view text) {
    absl::StatusOr<std::uint64_t> value = parse_hex(text);
    if (!value.ok()) return value.status();
    return Id{*value};
  }

  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
  auto fields() { return std::tie(value); }

  friend std::string to_string(const Id& id) { return to_hex(id.value); }
  friend std::ostream& operator<<(std::ostream& out, const Id& id) {
    return out << to_hex(id.value);
  }
  template <class H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.value);
  }
};

using ProcessId = Id<struct ProcessTag>;  // a driver or a worker, for its whole life
using NodeId = Id<struct NodeTag>;        // a raylet
using JobId = Id<struct JobTag>;          // a driver and everything started for it
using LeaseId = Id<struct LeaseTag>;      // an owner's right to one worker
using ActorId = Id<struct ActorTag>;
using PlacementGroupId = Id<struct PlacementGroupTag>;

// Names an object, and the task that makes it: its owner, a sequence that never repeats in that
// process, and the place in the owner's table.
struct ObjectId {
  ProcessId owner;
  std::uint64_t sequence = 0;
  std::uint32_t slot = 0;

  explicit operator bool() const { return static_cast<bool>(owner); }
  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
  auto fields() { return std::tie(owner, sequence, slot); }

  // The slot follows from owner and sequence, so it adds nothing to the hash.
  template <class H>
  friend H AbslHashValue(H state, const ObjectId& id) {
    return H::combine(std::move(state), id.owner, id.sequence);
  }
};

std::string to_string(const ObjectId& id);  // "owner:sequence:slot"
std::ostream& operator<<(std::ostream& out, const ObjectId& id);

}  // namespace ray::base

template <class Tag>
struct std::hash<ray::base::Id<Tag>> {
  std::size_t operator()(const ray::base::Id<Tag>& id) const noexcept {
    return std::hash<std::uint64_t>()(id.value);
  }
};
