// OversizedRecords puts into the store what is too large for a ring; the ring then carries only
// where it is. Arguments or values alone never get that large; many small values of refs, or the
// names of many refs, do.
//
// Threading: under the engine's lock. The store may have to wait for memory, so a thread of its own
// writes there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/core_worker/continuations.h"
#include "runtime/object_store/store_messages.h"

namespace ray::core_worker {

class Core;

class OversizedRecords {
 public:
  explicit OversizedRecords(Core& core) : core_(core) {}

  // The pending task `slot` waits until `payload`, its call, is stored, and is then runnable again;
  // it fails where the store stays full.
  void store_call(std::uint32_t slot, std::span<const std::byte> payload);

  // `stored` is told, under the lock, where `payload` is, as an object of `id`'s owner.
  using Stored = std::function<void(const absl::StatusOr<object_store::Location>& location)>;
  void store(const base::ObjectId& id, std::vector<std::byte> payload, Stored stored);

 private:
  Core& core_;
  Continuations writes_;
};

}  // namespace ray::core_worker
