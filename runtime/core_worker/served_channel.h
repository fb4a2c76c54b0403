// ServedChannel is a worker's end of the channel from an owner, or from a caller of its actor:
// calls come in, replies go out.
//
// A reply that finds no room in the ring is kept here until there is some, so that an owner which
// stopped delays nobody else. Threading: under the engine's lock.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "runtime/base/resources.h"
#include "runtime/core_worker/call_format.h"
#include "runtime/ipc/fabric.h"

namespace ray::core_worker {

class ServedChannel {
 public:
  ServedChannel(const ipc::Channel& channel, ipc::ProcessEntry& owner_entry)
      : rings(channel), entry(owner_entry), requests(channel.requests), replies(channel.replies) {}

  // Whether a reply of ordinary size would go out at once.
  bool has_room() { return unsent_.empty() && replies.has_room(kReplyRoom); }
  bool has_unsent() const { return !unsent_.empty(); }
  std::uint32_t payload_bytes_max() const { return replies.payload_bytes_max(); }
  // Writes and publishes a reply, or keeps it; ringing the bell is the caller's. `tag` and
  // `sequence` name the task.
  void send(RecordKind kind, std::uint32_t tag, std::uint64_t sequence,
            std::span<const std::byte> payload);
  // What was kept goes out while there is room; true where any did.
  bool flush();

  const ipc::Channel rings;
  ipc::ProcessEntry& entry;
  ipc::RequestConsumer requests;
  ipc::ReplyProducer replies;
  std::uint64_t owner = 0;
  std::uint32_t channel = 0;
  bool actor = false;
  bool ended = false;           // to be left once nothing runs that came through it
  bool unrung = false;          // a reply is published, its bell not rung
  std::uint32_t in_use = 0;     // calls that run
  base::ResourceSet resources;  // of the lease
  std::vector<std::int32_t> gpu_ids;

 private:
  static constexpr std::uint32_t kReplyRoom = 128;  // bytes

  struct Unsent {
    RecordKind kind;
    std::uint32_t tag;
    std::uint64_t sequence;
    std::vector<std::byte> payload;
  };
  bool write(RecordKind kind, std::uint32_t tag, std::uint64_t sequence,
             std::span<const std::byte> payload);

  std::deque<Unsent> unsent_;
};

}  // namespace ray::core_worker
