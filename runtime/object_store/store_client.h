// StoreClient is a process' hand on the object store of its node: it makes objects in memory that
// the raylet leased to it, and reads any object in place.
//
// Threading: any thread may call any member. One small mutex is held for the bookkeeping, never
// across a message or a copy; allocate() alone may wait, for the raylet's answer.
// Ownership: the client maps the store and unmaps it when destroyed; spans from pin() and extents
// are invalid then. The object behind a Location belongs to the owner named in seal().
// Protection: the store is mapped twice, read-only for readers and writable for extents that are
// being filled, so no pointer to a sealed object can be written through. (Changing the protection
// of an extent at each lease and seal costs 35 us a MiB, against 80 us to copy it.) Limits: pins
// are counted per process; what a process pins is kept until it unpins or dies.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
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
  ~StoreClient();
  StoreClient(const StoreClient&) = delete;
  StoreClient& operator=(const StoreClient&) = delete;

  // ResourceExhausted, with the holders in its text, when the store stays full.
  absl::StatusOr<Extent> allocate(std::uint64_t bytes);
  // The extent becomes the object `object`, owned by process `object.owner`, and is constant from
  // now on. Each extent is sealed or abandoned exactly once; its length may not change.
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
  struct Mapping;

  StoreClient(std::unique_ptr<Mapping> mapping, const Options& options, StoreTransport& transport);

  std::unique_ptr<Mapping> mapping_;
  const Options options_;
  StoreTransport& transport_;
};

}  // namespace ray::object_store
