// What the store tells people: how full it is, who holds it, and the text of the error when it is
// full.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/ids.h"

namespace ray::object_store {

// Bytes, except where it says otherwise.
struct StoreUsage {
  std::uint64_t capacity = 0;
  std::uint64_t sealed = 0;  // in objects, those that wait for their readers included
  std::uint64_t leased = 0;  // with clients, not sealed yet
  std::uint64_t free = 0;
  std::uint64_t largest_free = 0;  // the largest object that fits now
  std::uint64_t populated = 0;     // touched once, so backed by memory
  std::uint64_t objects = 0;       // count
  std::uint64_t rejected = 0;      // messages that named what their sender did not have: bugs
};

struct StoreHolder {
  base::ProcessId process;
  std::int32_t pid = 0;       // 0: not a client of this node
  std::uint64_t objects = 0;  // that it owns
  std::uint64_t sealed = 0;   // their bytes
  std::uint64_t leased = 0;
  std::uint64_t pinned_after_free = 0;  // freed by their owner, but this process reads them
  std::int64_t oldest_ns = 0;           // age of its oldest object

  std::uint64_t bytes() const { return sealed + leased + pinned_after_free; }
};

// "1.5 GiB", "640 bytes".
std::string bytes_text(std::uint64_t bytes);

// `holders` with the largest first.
std::string store_full_text(std::uint64_t wanted, const StoreUsage& usage,
                            const std::vector<StoreHolder>& holders, std::int64_t waited_ms);

}  // namespace ray::object_store
