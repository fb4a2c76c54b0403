// ExtentSet holds the ranges that one client has leased, out of which objects and returns are
// taken.
//
// Threading: one thread. Limits: pure bookkeeping; every range asked for may be wrong, since a
// client names it.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"

namespace ray::object_store {

class ExtentSet {
 public:
  // A range that touches others becomes one with them: a client may cut across the seam.
  void add(std::uint64_t offset, std::uint64_t length);

  // Removes [offset, offset + length), which must lie in one range of the set: false, and no
  // change, where it does not.
  bool take(std::uint64_t offset, std::uint64_t length);

  // Removes everything: {offset, length} of each range.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> take_all();

  std::uint64_t bytes() const { return bytes_; }

 private:
  absl::btree_map<std::uint64_t, std::uint64_t> ranges_;  // offset -> length
  std::uint64_t bytes_ = 0;
};

}  // namespace ray::object_store
