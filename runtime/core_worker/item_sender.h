// ItemSender is the generator's side of streams: it sends what the calls of this process yield to
// their owners, each in order with the reply that ends it, and holds back those that are too far
// ahead. A call that waits here lends its CPU, as one in get.
//
// Threading: send() without the engine's lock, on the thread that runs the call; the rest under it.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "runtime/core_worker/call_format.h"
#include "runtime/core_worker/call_runner.h"
#include "runtime/core_worker/cells.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/ownership/item_stream.h"

namespace ray::core_worker {

class Core;

class ItemSender {
 public:
  explicit ItemSender(Core& core) : core_(core) {}

  // What `run` has just yielded; returns once there is room for more: false where nobody wants it.
  bool send(CallRun& run);
  // The call is over, and its reply under way.
  void end(const CallRun& run) {
    if (!sources_.empty()) sources_.erase(run.execution.id());
  }
  // Its owner's news of the stream that `task` makes.
  void told(const internal::ObjectId& task, const StreamNews& news);

 private:
  struct Source {
    explicit Source(std::uint64_t window) : items(window) {}

    ownership::ItemSource items;
    ProgressLeader::Follower follower;
  };

  Source& source_of(const CallRun& run);

  Core& core_;
  absl::flat_hash_map<internal::ObjectId, std::unique_ptr<Source>, HashId> sources_;
};

}  // namespace ray::core_worker
