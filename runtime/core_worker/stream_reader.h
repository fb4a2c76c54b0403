// StreamReader is the consumer's side of generators: it keeps the items that their workers send
// until they are taken, and tells the workers how many were.
//
// A stream lives from open() to close(), its task's record at least as long. An item that comes
// when there is none any more is freed, and answered: its generator may end.
// Threading: next() and close() without the engine's lock, from any thread; the rest under it.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/base/ids.h"
#include "runtime/core_worker/cells.h"
#include "runtime/ownership/item_stream.h"
#include "runtime/ownership/owner_table.h"

namespace ray::core_worker {

class Core;
class CoreLock;

class StreamReader {
 public:
  explicit StreamReader(Core& core) : core_(core) {}

  // For the task in `slot`, which is being submitted.
  void open(std::uint32_t slot, std::uint64_t window);
  // Item `index` of the task in `slot` came from `worker`; false where that makes no sense.
  bool item(std::uint64_t worker, std::uint32_t slot, std::uint64_t index,
            ownership::Result result);
  // An item that is of no use.
  void discard(const ownership::Result& item);
  // Adds the items of the task in `slot` that its worker may have stored, and not sent any more.
  void add_unannounced(std::uint32_t slot, std::vector<base::ObjectId>& items) const;

  ObjectCell* next(ObjectCell& cell, const internal::Deadline& deadline);
  void close(ObjectCell& cell) noexcept;

 private:
  class ItemWatcher;
  struct Stream {
    explicit Stream(std::uint64_t window_in) : items(window_in), window(window_in) {}

    ownership::ItemStream items;
    const std::uint64_t window;
    std::uint64_t worker = 0;  // that the last item came from
    bool error_taken = false;
    std::vector<Watcher*> watchers;
  };

  bool wait(CoreLock& lock, ObjectCell& cell, Stream& stream, const internal::Deadline& deadline);
  void tell_worker(std::uint32_t slot, Stream& stream);

  Core& core_;
  absl::flat_hash_map<std::uint32_t, std::unique_ptr<Stream>> streams_;  // by their task's slot
};

}  // namespace ray::core_worker
