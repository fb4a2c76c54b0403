// WorkerLink is an owner's end of the channel to a worker: requests go out, replies come in.
//
// Threading: under the engine's lock.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/ipc/fabric.h"

namespace ray::core_worker {

struct SchedulingClass;
struct ActorEntry;

struct WorkerLink {
  WorkerLink(const ipc::Channel& channel_rings, ipc::ProcessEntry& worker_entry)
      : rings(channel_rings),
        entry(worker_entry),
        requests(channel_rings.requests),
        replies(channel_rings.replies) {}

  const ipc::Channel rings;
  ipc::ProcessEntry& entry;
  ipc::RequestProducer requests;
  ipc::ReplyConsumer replies;

  std::uint32_t number = 0;  // as records know it
  std::uint64_t process = 0;
  std::int32_t pid = 0;
  std::uint64_t lease = 0;  // 0: a channel to somebody else's actor
  std::uint32_t channel = 0;
  SchedulingClass* scheduling_class = nullptr;  // of tasks
  ActorEntry* actor = nullptr;

  std::uint32_t in_flight = 0;      // pushed, not replied to
  std::uint64_t backlog_ticks = 0;  // what they are expected to take
  std::uint32_t calls_left = 0;     // until max_calls; 0: no limit
  bool blocked = false;             // its task waits in get
  bool draining = false;            // gets nothing new; the lease goes back when it is done
  bool exit_on_return = false;      // max_calls: its process is not to be used again
  std::int64_t idle_since_ns = 0;   // 0: not known to be idle
  std::uint64_t last_heard = 0;     // ticks: of a reply, or of a push while it was idle
  std::string death_cause;
};

}  // namespace ray::core_worker
