// The layout of what two processes write into the rings of a channel: calls, their replies, and the
// messages between an owner and a borrower.
//
// Every record's header names the task or object it is about: `sequence`, and its slot as `tag`.
// Everything here is checked against the bytes that are there before it is used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "runtime/ipc/control_messages.h"

namespace ray::core_worker {

enum class RecordKind : std::uint8_t {
  // Owner to worker.
  task = 1,
  method = 2,
  constructor = 3,
  stored_call = 4,  // a StoredAt: one of the above that is too large for a ring lies there
  // Worker to owner.
  small_result = 16,  // one, inline, nothing else: bytes, then ReplyTail
  results = 17,       // ResultsHead ... ReplyTail
  blocked = 18,       // waits in get: what it has not begun goes elsewhere
  unblocked = 19,
  stored_results = 20,  // a StoredAt: `results` that are too large for a ring lie there
  item = 21,            // of a generator: ItemHead, then as one of Results
  stored_item = 22,     // a StoredAt: an `item` that is too large for a ring lies there
  // Between processes that hold each other's references, either way.
  want = 32,          // of the object's owner: tell me its value
  value = 33,         // the answer, from the owner
  borrow = 34,        // to the owner: BorrowChange
  cancel = 35,        // to the owner: CancelRequest
  stored_value = 36,  // a StoredAt: a value that is too large for a ring lies there
  stream_news = 37,   // to the worker that runs the generator: StreamNews
  cancel_call = 38,   // to the worker of an async actor: the call goes on with an error
};

// Head of a call. Arguments follow at once, then, where `extended`, CallLists and what it counts.
struct CallHead {
  std::uint64_t function = 0;  // key
  std::uint32_t argument_bytes = 0;
  std::uint8_t extended = 0;
  std::uint8_t reserved[3] = {};
};
static_assert(sizeof(CallHead) == 16);

struct CallLists {
  std::uint32_t nested = 0;        // PackedIds of references inside the arguments
  std::uint32_t dependencies = 0;  // DependencyHead, its nested, its bytes, for each
  std::uint16_t results = 0;       // ResultName of the results after the first
  std::uint16_t group_bytes = 0;   // the concurrency group, where the caller names one
  std::uint8_t has_large = 0;      // a StoredAt: where the arguments are
  std::uint8_t has_actor = 0;      // an ActorHead: the actor that a constructor makes
  std::uint8_t reserved[2] = {};
  std::uint64_t item_window = 0;  // of a generator; 0: its annotation's
};

struct StoredAt {
  std::uint64_t words[4] = {};
};

struct DependencyHead {
  std::uint64_t bytes = 0;
  std::uint32_t nested = 0;
  std::uint8_t stored = 0;
  std::uint8_t is_error = 0;
  std::uint8_t reserved[2] = {};
};

struct ResultName {
  std::uint64_t sequence = 0;
  std::uint32_t slot = 0;
  std::uint32_t reserved = 0;
};

struct PackedId {
  std::uint64_t owner = 0;
  std::uint64_t sequence = 0;
  std::uint32_t slot = 0;
  std::uint32_t reserved = 0;
};

// Behind it, for each concurrency group, a GroupHead and its name.
struct ActorHead {
  PackedId id;
  std::uint32_t threads = 1;  // of calls without a group
  std::uint32_t groups = 0;
  std::uint32_t restarts = 0;
  std::uint32_t reserved = 0;
};
struct GroupHead {
  std::uint32_t threads = 1;
  std::uint32_t name_bytes = 0;
};

// Results: for each a DependencyHead, its nested, its bytes. Behind them the ids that the worker
// keeps of those it was lent.
struct ResultsHead {
  std::uint32_t results = 0;
  std::uint32_t retained = 0;
};
struct ReplyTail {
  std::uint64_t ticks = 0;  // that the call took
};

struct ItemHead {
  std::uint64_t index = 0;
};
struct StreamNews {
  std::uint64_t taken = 0;  // so many items
  std::uint8_t closed = 0;  // nobody wants any more
  std::uint8_t reserved[7] = {};
};

struct BorrowChange {
  std::uint64_t process = 0;
  std::int32_t count = 0;
  std::uint32_t reserved = 0;
};

struct CancelRequest {
  std::uint8_t force = 0;
};

// Appends to a buffer that is kept from record to record.
class RecordWriter {
 public:
  explicit RecordWriter(std::vector<std::byte>& bytes) : bytes_(bytes) { bytes_.clear(); }

  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    put_bytes(std::as_bytes(std::span(&value, 1)));
  }
  void put_bytes(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  // Values are read in place: they start where any type may.
  void align() { bytes_.resize((bytes_.size() + 15) / 16 * 16); }

 private:
  std::vector<std::byte>& bytes_;
};

class RecordReader {
 public:
  explicit RecordReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
  bool get(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::span<const std::byte> raw;
    if (!get_bytes(sizeof(T), raw)) return false;
    std::memcpy(&value, raw.data(), sizeof(T));
    return true;
  }
  bool get_bytes(std::uint64_t size, std::span<const std::byte>& bytes) {
    if (size > bytes_.size() - position_) return false;
    bytes = bytes_.subspan(position_, size);
    position_ += size;
    return true;
  }
  bool align() {
    const std::size_t aligned = (position_ + 15) / 16 * 16;
    if (aligned > bytes_.size()) return false;
    position_ = aligned;
    return true;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

}  // namespace ray::core_worker
