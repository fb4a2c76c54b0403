// StoreHost is the object store of a node: it reserves the shared memory, leases parts of it to
// clients, knows every sealed object, and takes memory back when its owner and readers are done.
//
// Threading: one thread, the raylet's event loop. A second thread, which it starts and ends,
// touches free memory ahead of its use. Ownership: the memfd and its mapping; the directory and the
// allocator are in this process' heap, where no client can damage them. What clients write is
// copied once, then checked. Limits: `capacity` bytes, `slots` objects, `clients_max` processes.
// Nothing is taken back from a live process, stopped or not. A lease waits at most `full_wait_ms`
// for memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/object_store/store_messages.h"

namespace ray::object_store {

// Bytes, except where it says otherwise.
struct StoreUsage {
  std::uint64_t capacity = 0;
  std::uint64_t sealed = 0;  // in objects, those being retired included
  std::uint64_t leased = 0;  // with clients, not sealed yet
  std::uint64_t free = 0;
  std::uint64_t populated = 0;  // backed by memory
  std::uint64_t objects = 0;    // count
};

struct StoreHolder {
  base::ProcessId process;
  std::int32_t pid = 0;  // 0: not a client of this node
  std::uint64_t objects = 0;
  std::uint64_t sealed = 0;
  std::uint64_t leased = 0;
  std::uint64_t pinned_after_free = 0;  // freed by their owner, but this process reads them
  std::int64_t oldest_ns = 0;           // age of its oldest object
};

class StoreHost {
 public:
  struct Options {
    std::uint64_t capacity = 0;  // 0: default_store_bytes()
    std::uint32_t slots = 0;     // 0: one for each 4 KiB, at most 2^20
    std::uint32_t clients_max = 1024;
    std::uint64_t populate_bytes_min = 64 << 20;  // free and populated; 0: no such thread
    std::int64_t full_wait_ms = 2'000;
  };

  // A message for a client, or its answer.
  struct Outgoing {
    base::ProcessId process;
    HostMessage message;
  };
  using Outbox = std::vector<Outgoing>;

  static absl::StatusOr<std::unique_ptr<StoreHost>> create(const Options& options);
  ~StoreHost();
  StoreHost(const StoreHost&) = delete;
  StoreHost& operator=(const StoreHost&) = delete;

  // The memfd, to be sent to clients. Stays the host's.
  int descriptor() const;

  // Before the client attaches. `process` never repeats.
  absl::Status register_client(base::ProcessId process, std::int32_t pid);
  // After its death, or its last message: its pins and leases end, what it sealed for others stays,
  // what it owns is freed as soon as nobody reads it.
  Outbox unregister_client(base::ProcessId process, std::int64_t now_ns);
  // The same for an owner that is not a client of this node.
  Outbox owner_died(base::ProcessId process, std::int64_t now_ns);

  // All times are base::monotonic_ns.
  Outbox handle(base::ProcessId process, const ClientMessage& message, std::int64_t now_ns);

  // Looks for readers that are done and for leases that waited too long. To be called by
  // next_tick_ns() where there is one.
  Outbox tick(std::int64_t now_ns);
  std::optional<std::int64_t> next_tick_ns() const;

  StoreUsage usage() const;
  std::vector<StoreHolder> holders(std::int64_t now_ns) const;  // largest first

 private:
  class Impl;
  explicit StoreHost(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ray::object_store
