// Fabric is the shared memory through which the processes of a node speak: one entry for each
// process, with its bell, and one channel for each pair of owner and worker, a ring each way.
//
// Layout, by offset, every part on pages of its own:
//   FabricHeader | process entries | channels: request control, lines, reply control, lines
// Memory that was never touched costs nothing, so the limits may be generous. An entry or a channel
// that is all zero is a valid new one.
//
// The raylet creates it and alone hands out indices (FabricAllocator); others map its descriptor.
// An index that comes from a peer is checked: process() and channel() give null or nothing.
// Threading: constant after construction; the allocator belongs to one thread.
// Ownership: entries and rings lie in the mapping, so the Fabric outlives whatever uses them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/bell.h"
#include "runtime/ipc/record_ring.h"
#include "runtime/ipc/shared_memory.h"

namespace ray::ipc {

struct FabricLimits {
  std::uint32_t processes = 1024;
  std::uint32_t channels = 4096;
  // Powers of two. 256 KiB each way: a record of 100 KiB fits wherever the ring stands.
  std::uint32_t request_lines = 4096;
  std::uint32_t reply_lines = 8192;
};

// What a process shows to the others. A hint where it is not the bell: nothing breaks when it lies.
struct ProcessEntry {
  static constexpr std::uint32_t kNoCpu = 0;

  Bell bell;
  alignas(128) std::atomic<std::uint32_t> cpu;  // 1 + the processor it was last seen on
  std::atomic<std::uint32_t> awake;             // 1: counted in FabricHeader::awake
};
static_assert(sizeof(ProcessEntry) == 256);

struct FabricHeader {
  static constexpr std::uint64_t kMagic = 0x636972626166'7261;
  static constexpr std::uint32_t kVersion = 1;

  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t cores;  // that this node may use: affinity and cgroup quota (cores.h)
  FabricLimits limits;
  alignas(128) std::atomic<std::int32_t> awake;  // processes that do not sleep in a Waiter
};

// The two rings between an owner and a worker.
struct Channel {
  RingView requests;  // owner to worker, kRequestLineBytes
  RingView replies;   // worker to owner, kReplyLineBytes
};

class Fabric {
 public:
  static absl::StatusOr<Fabric> create(const FabricLimits& limits);
  static absl::StatusOr<Fabric> map(base::UniqueFd fd);

  int fd() const { return memory_.fd(); }
  const FabricLimits& limits() const { return limits_; }
  std::uint32_t cores() const { return cores_; }
  std::atomic<std::int32_t>& awake() const;

  ProcessEntry* process(std::uint32_t index) const;
  std::optional<Channel> channel(std::uint32_t index) const;

  // Makes the entry or channel new. Nobody may be using it.
  void reset_process(std::uint32_t index) const;
  absl::Status reset_channel(std::uint32_t index) const;

 private:
  Fabric(SharedMemory memory, const FabricLimits& limits, std::uint32_t cores)
      : memory_(std::move(memory)), limits_(limits), cores_(cores) {}

  SharedMemory memory_;
  FabricLimits limits_;  // copied out of the header and checked against the size of the memory
  std::uint32_t cores_;
};

// Hands out the indices of a Fabric, lowest first, so that few pages are ever touched. It lives in
// the raylet's heap, out of reach of its clients.
class FabricAllocator {
 public:
  explicit FabricAllocator(const Fabric& fabric);

  // The entry or channel is new. ResourceExhausted at the limit.
  absl::StatusOr<std::uint32_t> take_process();
  absl::StatusOr<std::uint32_t> take_channel();
  // Once every process that used it is dead or has unmapped it.
  void give_back_process(std::uint32_t index);
  absl::Status give_back_channel(std::uint32_t index);

 private:
  const Fabric& fabric_;
  std::vector<bool> processes_;  // true: in use
  std::vector<bool> channels_;
};

}  // namespace ray::ipc
