// The size of a node's object store where nobody said one.
#pragma once

#include <cstdint>
#include <optional>

namespace ray::object_store {

// min(30% of the memory that is available, half of what the control group leaves), in whole MiB, at
// least 64 MiB.
std::uint64_t store_bytes(std::uint64_t available, std::optional<std::uint64_t> group_leaves);

// The same, of this machine and this process' control groups (v1 and v2), as they are now.
std::uint64_t default_store_bytes();

}  // namespace ray::object_store
