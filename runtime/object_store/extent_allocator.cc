#include "runtime/object_store/extent_allocator.h"

#include <algorithm>
#include <iterator>

#include "runtime/base/check.h"

namespace ray::object_store {

ExtentAllocator::ExtentAllocator(std::uint64_t begin, std::uint64_t length)
    : begin_(begin), end_(begin + length), high_water_(begin) {
  CHECK(begin % kAlignment == 0 && length % kAlignment == 0);
  if (length > 0) insert(begin, length);
}

std::optional<std::uint64_t> ExtentAllocator::allocate(std::uint64_t length) {
  CHECK(length > 0 && length % kAlignment == 0);
  const auto fit = by_length_.lower_bound({length, 0});
  if (fit == by_length_.end()) return std::nullopt;
  const auto [whole, offset] = *fit;
  erase(by_offset_.find(offset));
  if (whole > length) insert(offset + length, whole - length);
  high_water_ = std::max(high_water_, offset + length);
  return offset;
}

void ExtentAllocator::release(std::uint64_t offset, std::uint64_t length) {
  CHECK(length > 0 && length % kAlignment == 0 && offset % kAlignment == 0);
  CHECK(offset >= begin_ && offset <= end_ && length <= end_ - offset);
  auto next = by_offset_.lower_bound(offset);
  CHECK(next == by_offset_.end() || offset + length <= next->first);
  std::uint64_t joined_offset = offset;
  std::uint64_t joined_length = length;
  bool joins_previous = false;
  if (next != by_offset_.begin()) {
    const auto previous = std::prev(next);
    CHECK(previous->first + previous->second <= offset);
    joins_previous = previous->first + previous->second == offset;
    if (joins_previous) {
      joined_offset = previous->first;
      joined_length += previous->second;
    }
  }
  if (next != by_offset_.end() && next->first == offset + length) {
    joined_length += next->second;
    erase(next);
  }
  if (joins_previous) erase(by_offset_.find(joined_offset));
  insert(joined_offset, joined_length);
}

std::uint64_t ExtentAllocator::largest_free() const {
  return by_length_.empty() ? 0 : by_length_.rbegin()->first;
}

void ExtentAllocator::insert(std::uint64_t offset, std::uint64_t length) {
  by_offset_.emplace(offset, length);
  by_length_.emplace(length, offset);
  free_bytes_ += length;
}

void ExtentAllocator::erase(absl::btree_map<std::uint64_t, std::uint64_t>::iterator range) {
  by_length_.erase({range->second, range->first});
  free_bytes_ -= range->second;
  by_offset_.erase(range);
}

}  // namespace ray::object_store
