// AsyncCalls keeps the calls of an async actor whose coroutines wait, and says which may go on. The
// worker's main thread runs all of them: it asks here between one call and the next.
//
// A ref that completes puts the coroutine which awaits it into a queue, and wakes that thread;
// there is no thread for each wait, and nothing polls. Threading: under the engine's lock, but for
// the destructor and what coroutines call on their way (when_ready, at), which are without it.
// Ownership: of the calls that have begun and not ended. Limits: `calls_max` of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "runtime/base/resumption_queue.h"
#include "runtime/core_worker/call_runner.h"
#include "runtime/core_worker/progress_leader.h"

namespace ray::core_worker {

class Core;

class AsyncCalls {
 public:
  // `main` is what the main thread sleeps on.
  AsyncCalls(Core& core, ProgressLeader::Follower& main, std::uint32_t calls_max);
  // Destroys the coroutines that wait.
  ~AsyncCalls();

  bool empty() const { return calls_.empty(); }
  bool has_room() const { return calls_.size() < calls_max_; }

  // A call that is about to begin.
  CallRun& add(std::unique_ptr<CallRun> run);
  // It has ended.
  void remove(const CallRun& run);

  // Lets a call that waits go on with TaskCancelledError.
  void cancel(const internal::ObjectId& id);

  struct Next {
    CallRun* run = nullptr;
    std::function<void()> go_on;
  };
  std::optional<Next> take_next();
  bool has_next() const { return queue_.has_next(); }
  std::int64_t next_ns() const;  // base::monotonic_ns; of what waits for its time

 private:
  class Call;
  class RefWatcher;

  Core& core_;
  ProgressLeader::Follower& main_;
  const std::uint32_t calls_max_;
  std::uint64_t last_number_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<Call>> calls_;  // by number
  std::unordered_set<RefWatcher*> watchers_;
  base::ResumptionQueue queue_;
};

}  // namespace ray::core_worker
