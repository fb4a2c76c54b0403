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

  enum class Written {
    yes,
    no_room,    // while the ring is full
    too_large,  // for any ring: it is to be stored first (OversizedRecords)
  };
  Written write(WorkerLink& link, std::uint32_t slot);
  // The record's payload; readable until the next call of a member.
  std::span<const std::byte> encode(std::uint32_t slot);

 private:
  bool write_small(WorkerLink& link, std::uint32_t slot, const Record& record);
  bool write_stored(WorkerLink& link, std::uint32_t slot, const Record& record);
  void put_lists(RecordWriter& writer, const Record& record);
  void put_actor(RecordWriter& writer, ObjectCell& actor);
  void put_dependency(RecordWriter& writer, ObjectCell& cell);

  Core& core_;
  FunctionTable& functions_;
  std::vector<std::byte> scratch_;
};

RecordKind kind_of(const internal::FunctionRecord& function);

}  // namespace ray::core_worker
