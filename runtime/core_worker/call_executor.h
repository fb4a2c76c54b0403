// CallExecutor is what a worker does with the calls that its owners and the callers of its actor
// push to it: it runs them one at a time on the worker's main thread, which looks at the rings
// itself while it is idle, or hands them to the threads of an actor that has some. Of an async
// actor the main thread begins one call after the other, and goes on with those that waited.
//
// A call is taken only while the ring of replies has room, so that an owner which stopped delays
// nobody else. Each reply is published at once; bells wait until the owner wants them, or nothing
// follows, or what follows is not known to be short.
// A worker whose calls all wait lends its CPU. Where the node has blocked workers enough, a call
// runs what it waits for itself, if it can (in_place_calls.h).
// Threading: run() is the main thread's; is_idle() may be asked without the lock, everything else
// is under the engine's lock.
#pragma once

#include <ray/internal/engine.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core_worker/actor_threads.h"
#include "runtime/core_worker/async_calls.h"
#include "runtime/core_worker/call_runner.h"
#include "runtime/core_worker/in_place_calls.h"
#include "runtime/core_worker/item_sender.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/ipc/control_messages.h"

namespace ray::core_worker {

class Core;

class CallExecutor final : public BlockingTask {
 public:
  CallExecutor(Core& core, CallRunner::Options options);
  ~CallExecutor();

  void run();  // without the lock

  void leased(const ipc::WorkerLeased& lease);
  void lease_ended(const ipc::LeaseEnded& end);
  void channel_opened(const ipc::ChannelOpened& opened);
  void exit_asked(const ipc::ExitWorker& exit);
  void owner_died(std::uint64_t process);
  void blocked_at_limit();
  // A caller wants this call no more; it matters where it waits in a coroutine.
  void cancel(const internal::ObjectId& call) {
    if (async_ != nullptr) async_->cancel(call);
  }

  bool is_idle() const { return idle_.load(std::memory_order_relaxed); }
  void set_idle(bool idle) { idle_.store(idle, std::memory_order_relaxed); }
  // Whether the executor is idle, not woken yet, and would find a call.
  bool readable() const { return is_idle() && has_calls(); }
  void add_rings(PollSet& rings) const;
  // Replies that found no room go out as soon as there is some; true where any did.
  bool has_unsent() const { return has_unsent_; }
  bool flush();

  // For a thread that is about to wait in a call; null elsewhere.
  BlockingTask* blocking_task();
  // A call of this thread's has yielded; returns once it may go on, false where it is to end.
  bool yield();
  ItemSender& items() { return items_; }
  // Sends what is in `run.reply`; of kind `stored` where it is too large for the ring. False where
  // it could not be stored: the call has failed.
  bool send(CoreLock& lock, CallRun& run, RecordKind kind, RecordKind stored);
  bool is_exiting() const { return exiting_; }

  // Marks the call that runs as its actor's last, and leaves it. Throws ray::Error outside one.
  [[noreturn]] void exit_actor();

  struct Running {
    internal::ObjectId task;
    internal::ObjectId actor;
    bool was_restarted = false;
    std::vector<std::string> gpu_ids;
  };
  Running running() const;  // of the calling thread

 private:
  using ServedPtr = std::shared_ptr<ServedChannel>;

  void serve(std::uint32_t channel, std::uint64_t owner, std::uint32_t owner_index, bool actor,
             const ipc::WorkerLeased& lease);
  bool has_calls() const;
  // Whether calls are taken before those that run have ended.
  bool takes_ahead() const { return threads_ != nullptr || async_ != nullptr; }
  bool takes_calls() const { return async_ == nullptr || async_->has_room(); }
  void end_channel(const ServedPtr& served);
  void leave(const ServedPtr& served);
  bool take_call(CallRun& run);
  void run_here(CoreLock& lock);
  void hand_over(CoreLock& lock);
  void run_async(CoreLock& lock, CallRun& run, const std::function<void()>& step);
  void begin_async(CoreLock& lock);
  bool resume_async(CoreLock& lock);
  void wait_for_calls(CoreLock& lock);
  void start_concurrency(CoreLock& lock);
  void start_threads(CoreLock& lock);
  void ring_unrung(bool all);
  void send_reply(CoreLock& lock, CallRun& run);
  // After its reply: what the call took is given back.
  void end(CallRun& run);
  void stopped_running();
  void tell_blocked();
  void tell_owners(RecordKind kind);
  bool is_needed() const;

  void block(ProgressLeader::Follower& follower) override;
  void unblock(ProgressLeader::Follower& follower) override;
  std::uint32_t find_in_place(internal::Cells awaited) override;
  void run_in_place(CoreLock& lock, std::uint32_t slot) override;

  Core& core_;
  CallRunner runner_;
  InPlaceCalls in_place_;
  ItemSender items_;
  std::vector<ServedPtr> served_;
  std::size_t next_ = 0;  // which of served_ is looked at first
  std::vector<ServedPtr> unrung_;
  std::atomic<bool> idle_{false};
  bool has_unsent_ = false;
  bool exiting_ = false;

  std::unique_ptr<CallRun> run_;  // the main thread's
  ProgressLeader::Follower me_;   // what it sleeps on
  std::unique_ptr<ActorThreads> threads_;
  std::unique_ptr<AsyncCalls> async_;
  bool has_cpu_ = false;  // the async actor

  std::uint32_t running_ = 0;  // calls, but for those in place; all that are suspended are one
  std::vector<ProgressLeader::Follower*> blocked_;  // those of their threads that wait
  bool told_blocked_ = false;                       // the raylet and the owners
  bool at_limit_ = false;                           // until nothing runs any more
};

}  // namespace ray::core_worker
