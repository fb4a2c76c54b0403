// CallExecutor runs, in a worker, the calls that its owners and the callers of its actor push to
// it: one at a time, on the worker's main thread, which looks at the rings itself while it is idle.
//
// A call is taken only while the ring of replies has room, so that an owner which stopped delays
// nobody else. Each reply is published at once; bells wait until the owner wants them, or nothing
// follows, or what follows is not known to be short.
// Threading: run() is the main thread's; is_idle() may be asked without the lock, everything else
// is under the engine's lock.
#pragma once

#include <ray/internal/engine.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/core_worker/call_execution.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/fabric.h"

namespace ray::core_worker {

class Core;

class CallExecutor final : public BlockingTask {
 public:
  struct Options {
    std::function<internal::FunctionRecord*(std::uint64_t key)> find_function;
    bool marks_output = false;
  };

  CallExecutor(Core& core, Options options);
  ~CallExecutor();

  void run();  // without the lock

  void leased(const ipc::WorkerLeased& lease);
  void lease_ended(const ipc::LeaseEnded& end);
  void channel_opened(const ipc::ChannelOpened& opened);
  void exit_asked(const ipc::ExitWorker& exit);
  void owner_died(std::uint64_t process);

  bool is_idle() const { return idle_.load(std::memory_order_relaxed); }
  void set_idle(bool idle) { idle_.store(idle, std::memory_order_relaxed); }
  // Whether an idle executor would find a call.
  bool readable() const;
  void add_rings(PollSet& rings) const;

  // The task that the calling thread runs, for a thread that is about to wait; null elsewhere.
  BlockingTask* blocking_task();
  // Marks the call that runs as its actor's last, and leaves it. Throws ray::Error outside one.
  [[noreturn]] void exit_actor();

  struct Running {
    internal::ObjectId task;
    internal::ObjectId actor;
    std::vector<std::int32_t> gpu_ids;
  };
  Running running() const;  // of the calling thread

 private:
  struct Served {
    Served(const ipc::Channel& channel, ipc::ProcessEntry& owner_entry)
        : rings(channel),
          entry(owner_entry),
          requests(channel.requests),
          replies(channel.replies) {}
    const ipc::Channel rings;
    ipc::ProcessEntry& entry;
    ipc::RequestConsumer requests;
    ipc::ReplyProducer replies;
    std::uint64_t owner = 0;
    std::uint32_t channel = 0;
    bool actor = false;
    bool ended = false;   // to be left once its call is done
    bool unrung = false;  // a reply is published, its bell not rung
    std::vector<std::int32_t> gpu_ids;
  };
  using ServedPtr = std::shared_ptr<Served>;
  struct Function {
    internal::FunctionRecord* record = nullptr;
    std::uint64_t ticks = 0;  // of a call, on average
  };

  void serve(std::uint32_t channel, std::uint64_t owner, std::uint32_t owner_index, bool actor,
             std::vector<std::int32_t> gpu_ids);
  void leave(const ServedPtr& served);
  bool take_call();
  void ring_unrung(bool all);
  void run_call();
  void dispatch();
  void mark_output(const char* name);
  void reply(CoreLock& lock);
  bool send(CoreLock& lock, RecordKind kind, std::span<const std::byte> payload);
  void tell_owners(RecordKind kind);
  void block() override;
  void unblock() override;
  bool is_needed() const;

  Core& core_;
  const Options options_;
  std::vector<ServedPtr> served_;
  std::size_t next_ = 0;  // which of served_ is looked at first
  std::vector<ServedPtr> unrung_;
  std::atomic<bool> idle_{false};
  bool exiting_ = false;
  bool exit_actor_ = false;

  // Of the call that runs.
  CallExecution execution_;
  ServedPtr current_;
  Function* function_ = nullptr;
  bool sound_ = false;  // the call could be read
  std::uint64_t ticks_ = 0;
  std::vector<std::byte> payload_;
  absl::flat_hash_map<std::uint64_t, std::unique_ptr<Function>> functions_;  // by key
  std::string marked_;  // the function whose name was written to the output last

  void* instance_ = nullptr;  // the actor's object
  void (*destroy_)(void*) = nullptr;
  internal::ObjectId actor_;
};

}  // namespace ray::core_worker
