// CallWriter puts a task of the owner's table into a worker's ring of requests.
//
// Small dependencies that are ready travel with the call; large ones as their place in the store.
// Threading: under the engine's lock.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/core_worker/call_format.h"
#include "runtime/core_worker/call_plan.h"
#include "runtime/core_worker/cells.h"
#include "runtime/core_worker/worker_link.h"

namespace ray::core_worker {

class Core;

class CallWriter {
 public:
  CallWriter(Core& core, FunctionTable& functions) : core_(core), functions_(functions) {}

  // False while the ring is full. A call that can never fit is failed, and counts as written.
  bool write(WorkerLink& link, std::uint32_t slot);

 private:
  bool write_small(WorkerLink& link, std::uint32_t slot, const Record& record);
  void put_lists(RecordWriter& writer, const Record& record);
  void put_dependency(RecordWriter& writer, ObjectCell& cell);

  Core& core_;
  FunctionTable& functions_;
  std::vector<std::byte> scratch_;
};

RecordKind kind_of(const internal::FunctionRecord& function);

}  // namespace ray::core_worker
