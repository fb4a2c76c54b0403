// ExtentAllocator hands out ranges of one address space: best fit, lowest offset first among
// equals, with neighbours joined when they come back.
//
// Best fit is also what keeps memory warm: a hole that was in use before always fits better than
// the never used rest at the end, so `high_water()` rises only when no hole is large enough.
//
// Threading: one thread.
// Limits: pure bookkeeping, it never touches the memory. Offsets and lengths are multiples of 64.
// O(log n) in the number of free ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"

namespace ray::object_store {

class ExtentAllocator {
 public:
  static constexpr std::uint64_t kAlignment = 64;

  ExtentAllocator(std::uint64_t begin, std::uint64_t length);

  // None when no free range is that long. `length` > 0.
  std::optional<std::uint64_t> allocate(std::uint64_t length);

  // Any part of what was allocated, once.
  void release(std::uint64_t offset, std::uint64_t length);

  std::uint64_t free_bytes() const { return free_bytes_; }
  std::uint64_t largest_free() const;
  std::size_t free_ranges() const { return by_offset_.size(); }
  // End of the highest range that was ever handed out.
  std::uint64_t high_water() const { return high_water_; }

 private:
  void insert(std::uint64_t offset, std::uint64_t length);
  void erase(absl::btree_map<std::uint64_t, std::uint64_t>::iterator range);

  const std::uint64_t begin_;
  const std::uint64_t end_;
  std::uint64_t free_bytes_ = 0;
  std::uint64_t high_water_;
  absl::btree_map<std::uint64_t, std::uint64_t> by_offset_;             // offset -> length
  absl::btree_set<std::pair<std::uint64_t, std::uint64_t>> by_length_;  // {length, offset}
};

}  // namespace ray::object_store
