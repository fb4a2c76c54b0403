// StoreClient is a process' hand on the object store of its node: it makes objects in memory that
// the raylet leased to it, and reads any object in place.
//
// Threading: any thread may call any member. One small mutex is held for the bookkeeping, never
// across a message or a copy; allocate() alone may wait, for the raylet's answer.
//
// Ownership: the client maps the store, and unmaps it when destroyed: spans of pin() and extents
// are invalid then. A child after fork() must not touch any of it.
//
// Protection: the store is mapped twice, read-only for readers and writable for extents that are
// being filled, so that no pointer to a sealed object can be written through. (Changing the
// protection of each extent instead costs 35 us a MiB, where copying takes 80.)
//
// Limits: pins are counted per process; what a process pins stays until it unpins or dies. Arenas
// start at 1 MiB and double while leasing them takes more than an eighth of the time, up to store /
// 8 / clients.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/ipc/shared_memory.h"
#include "runtime/object_store/pin_bitmap.h"
#include "runtime/object_store/store_layout.h"
#include "runtime/object_store/store_messages.h"

namespace ray::object_store {

// How a StoreClient reaches the store. Implemented over the control socket of the process.
class StoreTransport {
 public:
  virtual ~StoreTransport() = default;

  // Sends `message` with a `request` of the transport's own, and waits for the answer that repeats
  // it: ArenaLeased or StoreFull. Fails when the raylet is gone or `deadline_ns`
  // (base::monotonic_ns) has passed; an answer that comes later is given to StoreClient::handle,
  // which returns what it leased.
  virtual absl::StatusOr<HostMessage> call(LeaseArena message, std::int64_t deadline_ns) = 0;

  // Sends without an answer, in order. A lost connection is noticed elsewhere: it ends the process'
  // part in the cluster.
  virtual void post(ClientMessage message) = 0;
};

// Memory for one object that is being written: aligned to 64, `length` bytes long.
struct Extent {
  std::byte* data = nullptr;
  std::uint64_t length = 0;
  std::uint64_t offset = 0;  // in the store: names the extent
};

class StoreClient {
 public:
  struct Options {
    base::ProcessId process;  // as registered with the host
    // Longer than the host's full_wait_ms, since the host answers by then.
    std::int64_t call_timeout_ms = 30'000;
  };

  // Maps the store behind `descriptor`, which stays the caller's. The host must have registered
  // `options.process`. `transport` must outlive the client.
  static absl::StatusOr<std::unique_ptr<StoreClient>> attach(int descriptor, const Options& options,
                                                             StoreTransport& transport);
  StoreClient(const StoreClient&) = delete;
  StoreClient& operator=(const StoreClient&) = delete;

  // ResourceExhausted, with the holders in its text, when the store stays full.
  absl::StatusOr<Extent> allocate(std::uint64_t bytes);
  // The extent becomes the object `object`, owned by process `object.owner`, and is constant from
  // now on. Each extent is sealed or abandoned exactly once, with the values it came with.
  Location seal(const Extent& extent, const base::ObjectId& object);
  void abandon(const Extent& extent) noexcept;

  // The object's bytes, readable until the matching unpin(). NotFound when it was freed meanwhile,
  // InvalidArgument when the Location cannot be one of this store.
  absl::StatusOr<std::span<const std::byte>> pin(const Location& location);
  void unpin(const Location& location) noexcept;

  // From the owner: its counts are zero.
  void free(const Location& location) noexcept;
  void disclaim(base::ProcessId dead_process, std::vector<base::ObjectId> objects);

  // A message of the store that answers no call in progress.
  void handle(const HostMessage& message);

 private:
  struct Range {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  struct Filling {
    std::uint32_t slot = 0;
    std::uint64_t reserved = 0;
  };

  StoreClient(const Options& options, const StoreLayout& layout, std::uint32_t index,
              ipc::SharedMemory readable, ipc::SharedMemory writable, StoreTransport& transport);

  // With mutex_ held:
  std::optional<Extent> cut(std::uint64_t bytes);
  Extent start(std::uint64_t offset, std::uint64_t bytes);
  LeaseArena next_lease(std::uint64_t bytes);
  // Without:
  absl::StatusOr<std::optional<Extent>> lease(std::uint64_t bytes);
  bool plausible(const ArenaLeased& leased) const;
  void give_back(Range range, std::vector<std::uint32_t> slots);
  void map_pages(std::uint64_t offset, std::uint64_t length);

  const Options options_;
  const StoreLayout layout_;
  const ipc::SharedMemory readable_;
  const ipc::SharedMemory writable_;
  SlotRecord* const slots_;  // writable
  const PinBitmap pin_bits_;
  StoreTransport& transport_;
  // A bit for each chunk of the store whose pages are in the writable mapping.
  std::vector<std::atomic<std::uint64_t>> mapped_;

  std::mutex mutex_;
  // Guarded by mutex_.
  Range arena_;  // leased, not cut yet
  std::vector<std::uint32_t> free_slots_;
  absl::flat_hash_map<std::uint64_t, Filling> filling_;     // by offset
  absl::flat_hash_map<std::uint32_t, std::uint32_t> pins_;  // slot -> count
  // What the next lease asks for, and when the last one came.
  std::uint64_t arena_bytes_;
  std::uint32_t slots_asked_;
  std::int64_t last_lease_ns_ = 0;
};

}  // namespace ray::object_store
