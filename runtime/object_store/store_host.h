// StoreHost is the object store of a node: it reserves the shared memory, leases parts of it to
// clients, knows every sealed object, and takes memory back when its owner and readers are done.
//
// Threading: one thread, the raylet's event loop. A second one, which the host starts and ends,
// touches free memory ahead of its use.
//
// Ownership: the memfd and its mapping. Directory and allocator are in this process' heap, where no
// client can damage them; what a client wrote is copied once, then checked.
//
// Limits: `capacity` bytes, `slots` objects, `clients_max` processes. Nothing is taken back from a
// live process, stopped or not. A lease waits for memory at most `full_wait_ms`.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/ipc/shared_memory.h"
#include "runtime/object_store/extent_allocator.h"
#include "runtime/object_store/extent_set.h"
#include "runtime/object_store/object_directory.h"
#include "runtime/object_store/pin_bitmap.h"
#include "runtime/object_store/populator.h"
#include "runtime/object_store/store_layout.h"
#include "runtime/object_store/store_messages.h"
#include "runtime/object_store/store_report.h"

namespace ray::object_store {

class StoreHost {
 public:
  struct Options {
    std::uint64_t capacity = 0;  // bytes of objects; 0: default_store_bytes()
    std::uint32_t slots = 0;     // 0: one for each 4 KiB, at most 2^20
    std::uint32_t clients_max = 1024;
    std::uint64_t populate_bytes_min = 64 << 20;  // kept free and touched; 0: no such thread
    std::int64_t full_wait_ms = 2'000;
  };

  // A message for a client, or its answer.
  struct Outgoing {
    base::ProcessId process;
    HostMessage message;
  };
  using Outbox = std::vector<Outgoing>;

  static absl::StatusOr<std::unique_ptr<StoreHost>> create(const Options& options);
  StoreHost(const StoreHost&) = delete;
  StoreHost& operator=(const StoreHost&) = delete;

  // The memfd, to be sent to clients. Stays the host's.
  int descriptor() const { return memory_.fd(); }

  // All times are base::monotonic_ns.

  // Before the client attaches. `process` never repeats.
  absl::Status register_client(base::ProcessId process, std::int32_t pid);
  // After its death or its last message: its pins and leases end, what it sealed for others stays,
  // what it owns is freed as soon as nobody reads it.
  Outbox unregister_client(base::ProcessId process, std::int64_t now_ns);
  // The last of these for an owner that is not a client of this node.
  Outbox owner_died(base::ProcessId owner, std::int64_t now_ns);

  Outbox handle(base::ProcessId process, const ClientMessage& message, std::int64_t now_ns);

  // Looks for readers that are done and for leases that have waited too long. To be called when
  // next_tick_ns() has come, where there is one; it changes with every call above.
  Outbox tick(std::int64_t now_ns);
  std::optional<std::int64_t> next_tick_ns() const;

  StoreUsage usage() const;
  std::vector<StoreHolder> holders(std::int64_t now_ns) const;  // largest first

 private:
  struct Client {
    std::int32_t pid = 0;
    std::uint32_t index = 0;  // of its record and its pins
    PinBitmap pins;
    ExtentSet leased;
    absl::flat_hash_set<std::uint32_t> slots;  // leased
  };
  struct Waiting {
    base::ProcessId process;
    LeaseArena lease;
    std::int64_t deadline_ns = 0;
  };

  StoreHost(const Options& options, const StoreLayout& layout, ipc::SharedMemory memory);

  void lease(base::ProcessId process, const LeaseArena& lease, std::int64_t now_ns, Outbox& out);
  std::optional<ArenaLeased> try_lease(base::ProcessId process, const LeaseArena& lease);
  StoreFull full(const LeaseArena& lease, std::int64_t waited_ms, std::int64_t now_ns) const;
  void serve_waiting(std::int64_t now_ns, Outbox& out);

  void object_sealed(base::ProcessId process, const ObjectSealed& message, std::int64_t now_ns);
  void adopt(base::ProcessId process, Client& creator, std::uint32_t slot, std::int64_t now_ns);
  void free_object(base::ProcessId process, const Location& location, std::int64_t now_ns);
  void return_arena(base::ProcessId process, const ReturnArena& message);
  void disclaim(base::ProcessId owner, const DisclaimObjects& message);

  void free_owned_by(base::ProcessId owner);
  void remember_dead(base::ProcessId owner);
  void retire(std::uint32_t slot);
  bool pinned(std::uint32_t slot) const;
  void release_object(std::uint32_t slot);
  void rescan(std::size_t count, std::int64_t now_ns);
  void populate_ahead(std::int64_t now_ns);

  template <class T>
  T* at(std::uint64_t offset) const {
    return reinterpret_cast<T*>(memory_.data() + offset);
  }

  const Options options_;
  const StoreLayout layout_;
  const ipc::SharedMemory memory_;
  ExtentAllocator allocator_;
  ObjectDirectory directory_;

  absl::flat_hash_map<base::ProcessId, Client> clients_;
  std::vector<std::uint32_t> free_indices_;  // of clients; the last is taken first
  std::uint64_t leased_bytes_ = 0;           // the sum over clients_

  absl::flat_hash_map<base::ProcessId, std::uint64_t> owned_;  // count of sealed objects, by owner
  // Owners that ended, since what was made for them may be sealed later. The last 65,536.
  absl::flat_hash_set<base::ProcessId> dead_owners_;
  std::deque<base::ProcessId> dead_owners_by_age_;

  std::deque<std::uint32_t> retiring_;  // freed while somebody read them
  std::deque<Waiting> waiting_;
  std::int64_t last_scan_ns_ = 0;  // of retiring_ and waiting_
  std::uint64_t rejected_ = 0;

  DemandMeter demand_;
  std::unique_ptr<Populator> populator_;  // the last member: its thread uses memory_
};

}  // namespace ray::object_store
