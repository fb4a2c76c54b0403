#include "runtime/core_worker/oversized_records.h"

#include <cstring>
#include <string>
#include <utility>

#include "runtime/base/status.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/progress_leader.h"

namespace ray::core_worker {

void OversizedRecords::store(const base::ObjectId& id, std::vector<std::byte> payload,
                             Stored stored) {
  writes_.add([this, id, payload = std::move(payload), stored = std::move(stored)] {
    if (!core_.usable()) return;
    const auto location = [&]() -> absl::StatusOr<object_store::Location> {
      RAY_ASSIGN_OR_RETURN(const object_store::Extent extent,
                           core_.store->allocate(payload.size()));
      std::memcpy(extent.data, payload.data(), payload.size());
      return core_.store->seal(extent, id);
    }();
    CoreLock lock(core_);
    stored(location);
    core_.settle();
    core_.leader->note_activity();
  });
}

void OversizedRecords::store_call(std::uint32_t slot, std::span<const std::byte> payload) {
  const std::uint64_t sequence = core_.table.sequence_of(slot);
  core_.table.put_off(slot);
  store({base::ProcessId{core_.welcome.process}, sequence, slot}, {payload.begin(), payload.end()},
        [this, sequence, slot](const auto& location) {
          Record* record = core_.table.find(sequence, slot);
          const bool waits = record != nullptr &&
                             record->state.load(std::memory_order_relaxed) == RecordState::waiting;
          if (!waits) {
            if (location.ok()) core_.free_later(*location);  // it was cancelled meanwhile
          } else if (location.ok()) {
            ownership::TaskExtra& extra = core_.table.extra(*record);
            extra.record = packed(*location);
            extra.has_record = true;
            core_.table.dependency_ready(sequence, slot, core_.effects);
          } else {
            core_.fail(slot, internal::ErrorKind::object_store_full,
                       std::string(location.status().message()));
          }
        });
}

}  // namespace ray::core_worker
