// OwnerTable knows everything that this process owns: the tasks it submitted, the objects they
// make, and who else holds them. It takes events and returns effects.
//
// A record lives while it is not complete, this process references it, or a borrower does. It is
// then reported as forgotten, and recycled by its user, who first frees what it holds in the store.
// A sequence never repeats, so a message about a record that is gone finds nothing.
//
// States: waiting -> pending -> pushed -> done | failed; pending -> waiting when it
// is put off; pushed -> pending when its worker died,
// was given up or the task is to be retried; anything incomplete -> failed. Threading: one caller
// at a time (its user's lock), except what record.h allows. No I/O, no clock. Limits: 2^32 - 2
// records at a time. Steady state allocates nothing but for results and arguments above 48 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/ownership/record.h"

namespace ray::ownership {

struct Effect {
  enum class Kind : std::uint8_t {
    runnable,   // a task's dependencies are all there, or it is to be run again
    complete,   // after it the result is readable
    lost,       // its worker died and no retry is left: fail() it with the cause
    notify,     // a watch of the user's: `token`
    forgotten,  // nobody can reach it any more: free what it holds, then recycle()
  };
  Kind kind;
  std::uint32_t slot = 0;
  std::uint64_t token = 0;
};
using Effects = std::vector<Effect>;

// What a task ended with. `nested` are the references inside, taken over by the record.
struct Result {
  ResultForm form = ResultForm::inlined;
  std::span<const std::byte> bytes;  // copied, unless stored
  Location location{};
  ReferenceList nested = {};
  bool is_error = false;
};

class OwnerTable {
 public:
  OwnerTable() = default;
  ~OwnerTable();
  OwnerTable(const OwnerTable&) = delete;
  OwnerTable& operator=(const OwnerTable&) = delete;

  // A new record, referenced, in state `waiting` (a task is started by submitted()). The caller
  // keeps {sequence, slot} in the head.
  struct Created {
    Record* record;
    std::uint64_t sequence;
    std::uint32_t slot;
  };
  Created create(RecordKind kind);

  Record& at(std::uint32_t slot) { return chunks_[slot / kChunk]->records[slot % kChunk]; }
  std::uint64_t sequence_of(std::uint32_t slot) const {
    return chunks_[slot / kChunk]->sequences[slot % kChunk];
  }
  // Null where that record is gone, or never was.
  Record* find(std::uint64_t sequence, std::uint32_t slot);

  // Copies `bytes` into the record, inline where they fit.
  void set_arguments(Record& record, std::span<const std::byte> bytes);
  static std::span<const std::byte> arguments(const Record& record);
  TaskExtra& extra(Record& record);

  // Before submitted(): `task` must wait for `dependency`, a record of this table. Returns false
  // where that is complete already.
  bool add_dependency(std::uint32_t task, std::uint32_t dependency);
  // The same for something outside of this table; ends with dependency_ready().
  void add_outer_dependency(std::uint32_t task) { ++extra(at(task)).missing; }
  void dependency_ready(std::uint64_t sequence, std::uint32_t task, Effects& effects);
  void submitted(std::uint32_t task, Effects& effects);
  // A pending task must wait after all, for one more thing outside of this table.
  void put_off(std::uint32_t task);

  void pushed(std::uint32_t task, std::uint32_t worker);
  void taken_back(std::uint32_t task);  // by its user, who queues it again
  // Uses up one retry; false where none is left.
  bool retry(std::uint32_t task);
  // Tasks pushed to `worker` become runnable again, or lost.
  void worker_died(std::uint32_t worker, Effects& effects);
  // One of these, once: completes a record, wakes what waits for it; a failure passes on to the
  // tasks that depend on it.
  void complete(std::uint32_t slot, Result result, Effects& effects);
  void fail(std::uint32_t slot, std::span<const std::byte> error, Effects& effects);

  // `token` is given back by a notify effect when the record is complete. False where it is.
  bool watch(std::uint32_t slot, std::uint64_t token);
  void unwatch(std::uint32_t slot, std::uint64_t token);

  // This process' last reference is gone; revived when it meets the id again before forgotten.
  void released(std::uint32_t slot, Effects& effects);
  void revived(std::uint32_t slot) { at(slot).referenced = true; }
  // Counts per process may become negative for a while: a borrower's end may overtake the report
  // of its beginning, which comes from another process.
  void borrower_added(std::uint32_t slot, std::uint64_t process, std::int32_t count,
                      Effects& effects);
  void borrower_died(std::uint64_t process, Effects& effects);
  bool has_borrowers(std::uint32_t slot) const { return borrowers_.contains(slot); }
  std::size_t borrowed_records() const { return borrowers_.size(); }

  // After `forgotten`. Frees the memory of the result; gives the references in it to `nested`.
  void recycle(std::uint32_t slot, ReferenceList& nested);
  // Frees what only an incomplete task needs; gives the references in it to `held`.
  void drop_task(Record& record, ReferenceList& held);

  // Calls visit(slot, record) for every record that is not free.
  template <class Visit>
  void each(Visit visit) {
    for (std::uint32_t slot = 1; slot < used_; ++slot) {
      Record& record = at(slot);
      if (record.state.load(std::memory_order_relaxed) != RecordState::free) visit(slot, record);
    }
  }

  std::size_t live() const { return live_; }
  std::size_t watches() const { return watches_live_; }

 private:
  static constexpr std::uint32_t kChunk = 1024;
  struct Chunk {
    Record records[kChunk];
    std::uint64_t sequences[kChunk] = {};
  };
  struct Watch {
    std::uint32_t task = Record::kNone;  // a task that depends on it; else the user's
    std::uint32_t next = Record::kNone;
    std::uint64_t token = 0;  // the task's sequence, or the user's own
  };

  void add_watch(Record& record, std::uint32_t task, std::uint64_t token);
  void finish(std::uint32_t slot, RecordState state, Effects& effects);
  void forget_if_unreachable(std::uint32_t slot, Effects& effects);
  void store_result(Record& record, Result& result);

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::uint32_t used_ = 1;  // slot 0 is none
  std::uint32_t free_ = Record::kNone;
  std::uint64_t next_sequence_ = 1;
  std::size_t live_ = 0;

  std::vector<Watch> watches_{1};  // index 0 is none
  std::uint32_t free_watch_ = Record::kNone;
  std::size_t watches_live_ = 0;

  std::vector<std::unique_ptr<TaskExtra>> spare_extras_;  // with the memory of their vectors

  using Borrowers = std::vector<std::pair<std::uint64_t, std::int32_t>>;  // process, count
  absl::flat_hash_map<std::uint32_t, Borrowers> borrowers_;
};

}  // namespace ray::ownership
