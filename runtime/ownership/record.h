// Record is the owner's memory of one task, object or actor: its state, its result, and what is
// needed to run it again. Two cache lines, in a slab (owner_table.h).
//
// The first 48 bytes belong to whoever uses the table: the core worker keeps the head there that
// references point to. The table never looks into them.
// Threading: `state` may be read without the table's lock, and once it is `done` or `failed` the
// result too, for as long as a reference exists; everything else is the table's and its user's
// under their lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ray::inline v1::internal {
struct ObjectCell;  // never defined here: what a reference points to is its user's
}

namespace ray::ownership {

enum class RecordState : std::uint8_t {
  free,
  waiting,  // for its dependencies
  pending,  // for a worker
  pushed,   // to a worker
  done,     // with a value
  failed,   // with an encoded error
};

enum class RecordKind : std::uint8_t {
  task,    // and its first result
  result,  // a further result of a task: completed together with it
  object,  // made by put
  actor,   // its "task" is the constructor
};

// Where a result is. `Location` is the object store's, opaque here.
enum class ResultForm : std::uint8_t { inlined, heap, stored };

// A reference as its user holds it: opaque here, counted there.
using Reference = internal::ObjectCell;
using ReferenceList = std::vector<Reference*>;

using Location = std::array<std::uint64_t, 4>;

// What a record of a task needs beyond its two lines, where it needs it: dependencies, further
// results, arguments that are not small.
struct TaskExtra {
  ReferenceList dependencies;
  ReferenceList nested;
  std::vector<std::uint32_t> results;  // slots of the results after the first
  std::vector<std::byte> arguments;    // used when `arguments_inlined` is not set
  Location large{};                    // arguments in the store, when `has_large`
  bool has_large = false;
  bool large_is_lent = false;  // it outlives the task
  Location record{};           // the encoded call in the store, where `has_record`
  bool has_record = false;
  Reference* actor = nullptr;  // the callee of a method
  std::uint32_t missing = 0;   // dependencies that are not ready
  std::uint32_t plan = 0;      // the user's number for the call's options
};

struct Record {
  static constexpr std::size_t kHeadBytes = 48;
  static constexpr std::size_t kInlineBytes = 48;
  static constexpr std::uint32_t kNone = 0;  // no slot, no watch: both count from 1
  static constexpr std::int16_t kNoLimit = -1;

  alignas(64) std::byte head[kHeadBytes];
  std::atomic<RecordState> state{RecordState::free};
  RecordKind kind = RecordKind::object;
  ResultForm form = ResultForm::inlined;
  std::uint8_t inline_bytes = 0;  // of arguments until it is done, of the result then
  std::int16_t retries = 0;       // left; kNoLimit
  bool referenced = false;        // this process holds references
  bool cancelled : 1 = false;     // not to be retried
  bool revived : 1 = false;       // the user's own mark
  bool forgotten : 1 = false;     // reported, not recycled yet
  std::uint32_t next = kNone;     // in a queue or the free list; of a result: its task
  std::uint32_t watches = kNone;  // who waits for it

  // Line 1. Until it is done `body` holds the arguments, where they are small; then the result.
  union Body {
    std::byte bytes[kInlineBytes];
    struct {
      std::byte* data;
      std::uint64_t size;
      ReferenceList* nested;
    } heap;
    struct {
      Location location;
      ReferenceList* nested;
    } stored;
  };
  alignas(64) Body body;
  std::uint32_t function = 0;  // the user's number for it
  std::uint32_t worker = 0;    // the user's number for it, where pushed
  TaskExtra* extra = nullptr;

  bool complete() const {
    const RecordState seen = state.load(std::memory_order_acquire);
    return seen == RecordState::done || seen == RecordState::failed;
  }
  // Small arguments, or a small result.
  std::span<const std::byte> inlined() const { return {body.bytes, inline_bytes}; }
  // The result's bytes, unless they are in the store.
  std::span<const std::byte> result_bytes() const {
    return form == ResultForm::heap ? std::span<const std::byte>(body.heap.data, body.heap.size)
                                    : inlined();
  }
  const ReferenceList* result_nested() const {
    if (form == ResultForm::heap) return body.heap.nested;
    return form == ResultForm::stored ? body.stored.nested : nullptr;
  }
};
static_assert(sizeof(Record) == 128);

}  // namespace ray::ownership
