#include "runtime/object_store/extent_set.h"

#include <iterator>
#include <utility>

namespace ray::object_store {

void ExtentSet::add(std::uint64_t offset, std::uint64_t length) {
  bytes_ += length;
  const auto after = ranges_.lower_bound(offset);
  if (after != ranges_.end() && after->first == offset + length) {
    length += after->second;
    ranges_.erase(after);
  }
  const auto next = ranges_.lower_bound(offset);
  if (next != ranges_.begin() && std::prev(next)->first + std::prev(next)->second == offset) {
    std::prev(next)->second += length;
  } else {
    ranges_.emplace(offset, length);
  }
}

bool ExtentSet::take(std::uint64_t offset, std::uint64_t length) {
  auto after = ranges_.upper_bound(offset);
  if (length == 0 || after == ranges_.begin()) return false;
  const auto [begin, whole] = *std::prev(after);
  const std::uint64_t skipped = offset - begin;
  if (skipped >= whole || length > whole - skipped) return false;
  ranges_.erase(std::prev(after));
  if (skipped > 0) ranges_.emplace(begin, skipped);
  const std::uint64_t rest = whole - skipped - length;
  if (rest > 0) ranges_.emplace(offset + length, rest);
  bytes_ -= length;
  return true;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> ExtentSet::take_all() {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> all(ranges_.begin(), ranges_.end());
  ranges_.clear();
  bytes_ = 0;
  return all;
}

}  // namespace ray::object_store
