// ReplyReader takes a worker's replies out of its ring and completes the tasks they answer.
//
// Threading: under the engine's lock.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/core_worker/call_format.h"
#include "runtime/core_worker/call_plan.h"
#include "runtime/core_worker/cells.h"
#include "runtime/core_worker/worker_link.h"
#include "runtime/ownership/owner_table.h"

namespace ray::core_worker {

class Core;

class ReplyReader {
 public:
  // Told of each task whose reply came; `slot` may be complete or gone by then.
  class Listener {
   public:
    virtual void replied(WorkerLink& link, std::uint32_t slot) = 0;
    virtual void blocked(WorkerLink& link, bool is_blocked) = 0;

   protected:
    ~Listener() = default;
  };

  ReplyReader(Core& core, FunctionTable& functions) : core_(core), functions_(functions) {}

  // At most `max` replies; returns how many.
  int read(WorkerLink& link, Listener& listener, int max);
  // The reply to a task that this process ran itself.
  void complete_own(std::uint32_t slot, const ipc::Record& reply);

 private:
  bool handle(WorkerLink& link, Listener& listener, const ipc::Record& reply);
  bool complete(std::uint64_t worker, std::uint32_t slot, const ipc::Record& reply);
  bool take_item(WorkerLink& link, const ipc::Record& reply);
  bool take_stored_item(WorkerLink& link, const ipc::Record& reply);
  bool complete_stored(std::uint64_t worker, std::uint32_t slot, const ipc::Record& reply);
  bool read_result(RecordReader& reader, ownership::Result& result);
  bool read_ids(RecordReader& reader, std::uint32_t count, ReferenceList& cells);
  bool wants_retry(std::uint32_t slot, std::span<const std::byte> error);
  void count_time(std::uint32_t slot, std::uint64_t ticks);

  Core& core_;
  FunctionTable& functions_;
  std::vector<ownership::Result> results_;  // kept for its memory
};

}  // namespace ray::core_worker
