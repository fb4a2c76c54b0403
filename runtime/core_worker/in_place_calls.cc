#include "runtime/core_worker/in_place_calls.h"

#include <pthread.h>

#include <cstddef>
#include <vector>

#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {
namespace {

// Whether half of the calling thread's stack is free.
bool has_stack() {
  thread_local const std::byte* const middle = [] {
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) {
      return static_cast<const std::byte*>(nullptr);
    }
    void* low = nullptr;
    std::size_t size = 0;
    ::pthread_attr_getstack(&attributes, &low, &size);
    ::pthread_attr_destroy(&attributes);
    return static_cast<const std::byte*>(low) + size / 2;
  }();
  return static_cast<const std::byte*>(__builtin_frame_address(0)) > middle;
}

}  // namespace

std::uint32_t InPlaceCalls::find(const CallRun& waiting, internal::Cells awaited) const {
  // An actor's object is in the middle of a method.
  if (waiting.served->actor || waiting.depth >= kDepthMax || !has_stack()) return Record::kNone;
  std::vector<ObjectCell*> cells(awaited.rbegin(), awaited.rend());
  for (int looked_at = 0; !cells.empty() && looked_at < kSearchMax; ++looked_at) {
    ObjectCell& cell = *cells.back();
    cells.pop_back();
    if (!core_.references->is_owned(cell) || core_.references->complete(cell)) continue;
    const std::uint32_t slot = ReferenceTable::task_of(cell);
    const Record& record = core_.table.at(slot);
    if (record.kind != ownership::RecordKind::task) continue;
    if (core_.leases->may_run_in(waiting.served->resources, slot)) return slot;
    if (record.state.load(std::memory_order_relaxed) != RecordState::waiting) continue;
    const ReferenceList& needed = record.extra->dependencies;
    cells.insert(cells.end(), needed.rbegin(), needed.rend());
  }
  return Record::kNone;
}

void InPlaceCalls::run(CoreLock& lock, CallRun& waiting, std::uint32_t slot) {
  core_.leases->take_for_this_process(slot);
  const std::uint64_t sequence = core_.table.sequence_of(slot);
  CallRun run(core_);
  run.served = waiting.served;
  run.depth = waiting.depth + 1;
  const std::span<const std::byte> record = core_.leases->writer().encode(slot);
  run.request.assign(record.begin(), record.end());
  runner_.begin(
      run, {.kind = static_cast<std::uint8_t>(RecordKind::task), .tag = slot, .sequence = sequence},
      core_.welcome.process, run.request);
  lock.unlock();
  runner_.run(run);
  lock.lock();
  const RecordKind kind = run.execution.write_reply(run.reply, run.ticks);
  core_.leases->reader().complete_own(slot,
                                      {static_cast<std::uint8_t>(kind), slot, sequence, run.reply});
  core_.settle();
  run.execution.finish();
}

}  // namespace ray::core_worker
