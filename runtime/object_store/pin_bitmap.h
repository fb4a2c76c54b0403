// PinBitmap is one process' pins: a bit a slot, written by that process alone and read by the host.
//
// Pin: set(), then a seq_cst fence, then look at the slot. Free: mark the slot, a seq_cst fence,
// then test(). One of the two sees the other, so a pinned object is never freed, and the reader of
// a freed one knows. A bit set for a moment by a reader who came too late only delays a free.
//
// Threading: set() and clear() under a lock of the process; test() from anywhere.
#pragma once

#include <atomic>
#include <cstdint>

namespace ray::object_store {

class PinBitmap {
 public:
  PinBitmap() = default;
  explicit PinBitmap(void* memory) : words_(static_cast<std::atomic<std::uint64_t>*>(memory)) {}

  void set(std::uint32_t slot) const {
    std::atomic<std::uint64_t>& word = words_[slot / 64];
    word.store(word.load(std::memory_order_relaxed) | bit(slot), std::memory_order_relaxed);
  }
  // Release: the reads of the object happen before its memory is used again.
  void clear(std::uint32_t slot) const {
    std::atomic<std::uint64_t>& word = words_[slot / 64];
    word.store(word.load(std::memory_order_relaxed) & ~bit(slot), std::memory_order_release);
  }
  bool test(std::uint32_t slot) const {
    return (words_[slot / 64].load(std::memory_order_acquire) & bit(slot)) != 0;
  }

 private:
  static std::uint64_t bit(std::uint32_t slot) { return std::uint64_t{1} << (slot % 64); }

  std::atomic<std::uint64_t>* words_ = nullptr;
};

}  // namespace ray::object_store
