// RecordRing is a single-producer single-consumer queue of records in shared memory. A record is a
// 16-byte header and a payload in consecutive lines of fixed size, so that a small one takes a
// single line and a large one is still in one piece.
//
// Layout, all zero being a valid empty ring:
//   RingControl  tail (producer), head (consumer), event (consumer), claim: each 128 bytes apart
//   lines        `capacity` of them, a power of two, kLineBytes each
// Positions count lines since the ring was made and wrap at 2^32. A record never wraps: a record of
// kind 0, which consumers step over, fills the rest. One that is longer than half of the ring is
// refused, as it might never find room.
//
// Claims, for rings whose producer may want records back (requests): the consumer takes a record by
// a compare-and-swap on claim = {gate:32, claimed:32}, claimed being the end of the last record
// taken. A producer that makes the gate odd stops the consumer there; what lies behind is the
// producer's to turn into kind 0, until it makes the gate even again. The gate only counts up, so a
// consumer that was slow between reading a header and claiming it cannot take an old header.
//
// Trust: whatever the peer can write is copied once and then checked. A ring that makes no sense is
// `broken` to a consumer and full to a producer.
// Threading: one thread at a time on each side. Ownership: the memory outlives both.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "runtime/base/check.h"

namespace ray::ipc {

struct RingControl {
  alignas(128) std::atomic<std::uint32_t> tail;
  alignas(128) std::atomic<std::uint32_t> head;
  alignas(128) std::atomic<std::uint32_t> event;
  alignas(128) std::atomic<std::uint64_t> claim;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(sizeof(RingControl) == 512);

// Where a ring lies in this process.
struct RingView {
  RingControl* control = nullptr;
  std::byte* lines = nullptr;
  std::uint32_t capacity = 0;  // lines
};

inline constexpr std::uint32_t kRequestLineBytes = 64;
inline constexpr std::uint32_t kReplyLineBytes = 32;

// As it lies in the ring: two words, read and written as such, since a consumer may look at a
// header while the producer takes it back.
struct RecordHeader {
  static constexpr std::uint8_t kSkip = 0;
  static constexpr std::uint32_t kSizeMax = (1u << 24) - 1;

  std::uint8_t kind = kSkip;
  std::uint32_t size = 0;  // bytes of payload
  std::uint32_t tag = 0;   // free for the two sides, as is sequence
  std::uint64_t sequence = 0;
};
inline constexpr std::uint32_t kRecordHeaderBytes = 16;

inline void store_header(std::byte* line, const RecordHeader& header) {
  auto* words = reinterpret_cast<std::uint64_t*>(line);
  const std::uint64_t first =
      std::uint64_t{header.kind} << 24 | header.size | static_cast<std::uint64_t>(header.tag) << 32;
  std::atomic_ref(words[0]).store(first, std::memory_order_relaxed);
  std::atomic_ref(words[1]).store(header.sequence, std::memory_order_relaxed);
}

inline RecordHeader load_header(std::byte* line) {
  auto* words = reinterpret_cast<std::uint64_t*>(line);
  const std::uint64_t first = std::atomic_ref(words[0]).load(std::memory_order_relaxed);
  return {.kind = static_cast<std::uint8_t>(first >> 24),
          .size = static_cast<std::uint32_t>(first) & RecordHeader::kSizeMax,
          .tag = static_cast<std::uint32_t>(first >> 32),
          .sequence = std::atomic_ref(words[1]).load(std::memory_order_relaxed)};
}

template <std::uint32_t kLineBytes>
constexpr std::uint32_t lines_of(std::uint32_t payload_bytes) {
  return (kRecordHeaderBytes + payload_bytes + kLineBytes - 1) / kLineBytes;
}

template <std::uint32_t kLineBytes>
class RingProducer {
 public:
  // Goes on where the ring stands.
  explicit RingProducer(RingView ring)
      : ring_(ring),
        tail_(ring.control->tail.load(std::memory_order_relaxed)),
        published_(tail_),
        head_seen_(ring.control->head.load(std::memory_order_acquire)) {
    CHECK(std::has_single_bit(ring.capacity));
  }

  // The longest payload that this ring takes.
  std::uint32_t payload_bytes_max() const {
    return ring_.capacity / 2 * kLineBytes - kRecordHeaderBytes;
  }

  // Memory for a payload of `size` bytes, aligned to 16, to be filled before commit(); null while
  // the ring is full. Reserving again without a commit forgets the first reservation.
  std::byte* reserve(std::uint32_t size) {
    CHECK(size <= payload_bytes_max());  // it would never find room
    const std::uint32_t lines = lines_of<kLineBytes>(size);
    const std::uint32_t to_end = ring_.capacity - (tail_ & mask());
    skip_ = lines > to_end ? to_end : 0;
    if (!has_lines(skip_ + lines)) return nullptr;
    reserved_ = size;
    return line(tail_ + skip_) + kRecordHeaderBytes;
  }

  // Whether reserve(size) would succeed.
  bool has_room(std::uint32_t size) {
    const std::uint32_t lines = lines_of<kLineBytes>(size);
    const std::uint32_t to_end = ring_.capacity - (tail_ & mask());
    return has_lines(lines > to_end ? to_end + lines : lines);
  }

  // Ends the record begun by reserve(); `kind` is not kSkip. The consumer sees it after publish().
  void commit(std::uint8_t kind, std::uint32_t tag, std::uint64_t sequence) {
    DCHECK(kind != RecordHeader::kSkip);
    if (skip_ != 0) {
      store_header(line(tail_), {.size = skip_ * kLineBytes - kRecordHeaderBytes});
      tail_ += skip_;
      skip_ = 0;
    }
    store_header(line(tail_), {.kind = kind, .size = reserved_, .tag = tag, .sequence = sequence});
    tail_ += lines_of<kLineBytes>(reserved_);
  }

  // reserve, copy and commit; false while the ring is full.
  bool write(std::uint8_t kind, std::uint32_t tag, std::uint64_t sequence,
             std::span<const std::byte> payload) {
    std::byte* memory = reserve(static_cast<std::uint32_t>(payload.size()));
    if (memory == nullptr) return false;
    if (!payload.empty()) std::memcpy(memory, payload.data(), payload.size());
    commit(kind, tag, sequence);
    return true;
  }

  // Shows everything committed to the consumer. Ringing its bell is a step of its own (bell.h).
  void publish() {
    if (published_ == tail_) return;
    ring_.control->tail.store(tail_, std::memory_order_release);
    published_ = tail_;
  }
  bool has_unpublished() const { return published_ != tail_; }

  // Whether what is published has reached the consumer's event index.
  bool wanted() const {
    const std::uint32_t event = ring_.control->event.load(std::memory_order_relaxed);
    return static_cast<std::int32_t>(published_ - event) >= 0;
  }

  // Stops the consumer and asks take(const RecordHeader&) of each record that it has not claimed,
  // in order, whether the producer wants it back; the consumer will not see those. Returns how many
  // were taken. The consumer may have gone to sleep meanwhile: publish and ring afterwards.
  template <class Take>
  std::uint32_t revoke(Take take) {
    std::uint32_t position = close_gate();
    std::uint32_t taken = 0;
    while (position != tail_) {
      RecordHeader header = load_header(line(position));
      const std::uint32_t lines = lines_of<kLineBytes>(header.size);
      if (lines > tail_ - position || lines > ring_.capacity - (position & mask())) break;
      if (header.kind != RecordHeader::kSkip && take(std::as_const(header))) {
        header.kind = RecordHeader::kSkip;
        store_header(line(position), header);
        ++taken;
      }
      position += lines;
    }
    open_gate();
    return taken;
  }

 private:
  std::uint32_t mask() const { return ring_.capacity - 1; }
  std::byte* line(std::uint32_t position) const {
    return ring_.lines + static_cast<std::size_t>(position & mask()) * kLineBytes;
  }

  bool has_lines(std::uint32_t lines) {
    if (fits(lines)) [[likely]]
      return true;
    head_seen_ = ring_.control->head.load(std::memory_order_acquire);
    return fits(lines);
  }
  bool fits(std::uint32_t lines) const {
    const std::uint32_t used = tail_ - head_seen_;
    return used <= ring_.capacity && lines <= ring_.capacity - used;
  }

  // Returns where the consumer stands, or the tail where that makes no sense.
  std::uint32_t close_gate() {
    const std::uint64_t before =
        ring_.control->claim.fetch_add(std::uint64_t{1} << 32, std::memory_order_acq_rel);
    const auto claimed = static_cast<std::uint32_t>(before);
    return tail_ - claimed <= ring_.capacity ? claimed : tail_;
  }
  void open_gate() {
    ring_.control->claim.fetch_add(std::uint64_t{1} << 32, std::memory_order_acq_rel);
  }

  const RingView ring_;
  std::uint32_t tail_;       // end of what is committed
  std::uint32_t published_;  // what the consumer may see
  std::uint32_t head_seen_;
  std::uint32_t skip_ = 0;      // lines to the end that the reserved record does not fit in
  std::uint32_t reserved_ = 0;  // bytes
};

// A record as its consumer sees it; the payload lies in the ring until release().
struct Record {
  std::uint8_t kind = 0;
  std::uint32_t tag = 0;
  std::uint64_t sequence = 0;
  std::span<const std::byte> payload;
};

enum class TakeResult : std::uint8_t {
  record,
  empty,   // or stopped by a producer that is taking records back
  broken,  // the peer wrote nonsense: give the ring up
};

template <std::uint32_t kLineBytes, bool kClaims>
class RingConsumer {
 public:
  // Goes on where the ring stands.
  explicit RingConsumer(RingView ring)
      : ring_(ring),
        position_(ring.control->head.load(std::memory_order_relaxed)),
        released_(position_),
        tail_seen_(position_) {
    CHECK(std::has_single_bit(ring.capacity));
  }

  // Whether take() would find something: one or two loads, for spinning on.
  bool readable() const {
    if (ring_.control->tail.load(std::memory_order_acquire) == position_) return false;
    if constexpr (kClaims)
      return gate_is_open(ring_.control->claim.load(std::memory_order_relaxed));
    return true;
  }

  TakeResult take(Record& record) {
    for (;;) {
      if (position_ == tail_seen_ && !refresh_tail()) return TakeResult::empty;
      std::uint64_t claim = 0;
      if constexpr (kClaims) {
        claim = ring_.control->claim.load(std::memory_order_acquire);
        if (!gate_is_open(claim)) return TakeResult::empty;
      }
      const RecordHeader header = load_header(line(position_));
      const std::uint32_t lines = lines_of<kLineBytes>(header.size);
      // A tail too far ahead fails here too: no record reaches over the end of the lines.
      const bool sound = lines <= tail_seen_ - position_ &&
                         lines <= ring_.capacity - (position_ & mask()) &&
                         tail_seen_ - position_ <= ring_.capacity;
      if constexpr (kClaims) {
        // A failed claim says that the gate moved, and that the header may have changed.
        if (!ring_.control->claim.compare_exchange_strong(
                claim, (claim & kGateMask) | (position_ + lines), std::memory_order_acq_rel)) {
          continue;
        }
      }
      if (!sound) return TakeResult::broken;
      const std::byte* payload = line(position_) + kRecordHeaderBytes;
      const bool holds_none = released_ == position_;
      position_ += lines;
      if (header.kind == RecordHeader::kSkip) {
        // Nobody releases after an empty take(), and the producer may be waiting for these lines.
        if (holds_none) release();
        continue;
      }
      record = {header.kind, header.tag, header.sequence, {payload, header.size}};
      return TakeResult::record;
    }
  }

  // Gives the lines of everything taken so far back to the producer.
  void release() {
    ring_.control->head.store(position_, std::memory_order_release);
    released_ = position_;
  }

  // Before sleeping: asks to be woken once `lines` more lines are there. Needed before every sleep,
  // as an index that has been passed by 2^31 looks like one in the future.
  void set_event(std::uint32_t lines = 1) {
    if (lines > ring_.capacity / 2) lines = ring_.capacity / 2;
    ring_.control->event.store(position_ + lines, std::memory_order_relaxed);
  }

 private:
  static constexpr std::uint64_t kGateMask = 0xffffffff00000000u;
  static bool gate_is_open(std::uint64_t claim) { return (claim >> 32 & 1) == 0; }

  std::uint32_t mask() const { return ring_.capacity - 1; }
  std::byte* line(std::uint32_t position) const {
    return ring_.lines + static_cast<std::size_t>(position & mask()) * kLineBytes;
  }
  bool refresh_tail() {
    tail_seen_ = ring_.control->tail.load(std::memory_order_acquire);
    return tail_seen_ != position_;
  }

  const RingView ring_;
  std::uint32_t position_;  // the next line to take
  std::uint32_t released_;  // lines before this one are the producer's again
  std::uint32_t tail_seen_;
};

using RequestProducer = RingProducer<kRequestLineBytes>;
using RequestConsumer = RingConsumer<kRequestLineBytes, true>;
using ReplyProducer = RingProducer<kReplyLineBytes>;
using ReplyConsumer = RingConsumer<kReplyLineBytes, false>;

}  // namespace ray::ipc
