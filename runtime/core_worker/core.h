// Core is what the parts of a native engine share: the lock, the tables behind it, and what must
// wait until the lock is free.
//
// Threading: `mutex` guards everything that is not constant after construction; parts require it
// held unless they say otherwise. It is never held across user code or a system call: bells,
// messages, wake-ups and frees are put aside and done by the CoreLock that leaves.
// Ownership: the engine's Impl owns the Core and outlives every thread that uses it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "runtime/base/log.h"
#include "runtime/core_worker/cells.h"
#include "runtime/core_worker/continuations.h"
#include "runtime/core_worker/control_client.h"
#include "runtime/ipc/fabric.h"
#include "runtime/object_store/store_client.h"
#include "runtime/ownership/owner_table.h"

namespace ray::core_worker {

class ActorClient;
class CallExecutor;
class LeaseClient;
class OversizedRecords;
class PeerService;
class ProgressLeader;
class ReferenceTable;
class StreamReader;

class Core {
 public:
  Core(internal::Engine& engine, base::Log& log, ControlClient& control, ipc::Welcome welcome,
       ipc::Fabric fabric, ipc::ProcessEntry& self);
  ~Core();

  // Constant after construction.
  internal::Engine& engine;
  base::Log& log;
  ControlClient& control;
  const ipc::Welcome welcome;
  const ipc::Fabric fabric;
  ipc::ProcessEntry& self;
  const int fork_generation;
  std::unique_ptr<object_store::StoreClient> store;
  std::function<void(const std::string&)> notice;

  // The parts, in the order of their making.
  std::unique_ptr<ReferenceTable> references;
  std::unique_ptr<PeerService> peers;
  std::unique_ptr<OversizedRecords> oversized;
  std::unique_ptr<StreamReader> streams;
  std::unique_ptr<LeaseClient> leases;
  std::unique_ptr<ActorClient> actors;
  std::unique_ptr<ProgressLeader> leader;
  std::unique_ptr<CallExecutor> executor;

  std::mutex mutex;
  ownership::OwnerTable table;
  ownership::Effects effects;
  std::uint64_t activity = 0;         // counts what the background thread should notice
  std::uint64_t poll_generation = 1;  // changes with the set of rings that are read

  // Any thread, without the lock. Throws where the engine cannot be used: after shutdown, without
  // its raylet, in a forked child.
  void require_usable() const {
    if (!usable()) throw_unusable();
  }
  bool usable() const;
  // Ends this process if user code forked it: it has come out of a call that is its parent's.
  void end_forked_child() const;
  // Ends every wait with `reason`. Once.
  void go_down(std::string reason);
  bool is_down() const { return down_.load(std::memory_order_acquire); }
  std::string down_reason();  // takes the lock

  // Under the lock: does what has come, at most kCompletionsMax replies; true if there was any.
  bool progress();
  // Under the lock: whether something waits for room in a ring, of which nobody tells.
  bool has_unsent() const;
  // Under the lock: cancels a task that this process owns.
  void cancel(std::uint32_t slot, bool force);
  // Under the lock: carries out effects until none is left.
  void settle() {
    if (!effects.empty()) carry_out();
  }
  // A control message, as it came: queued, and done by whoever makes progress next.
  void receive(std::string bytes);  // takes the lock

  // A process that this one borrows from, or lends to, has ended.
  void process_gone(std::uint64_t process, const std::string& cause);

  // Put aside until the lock is free.
  void ring_later(ipc::ProcessEntry& process);
  void wake_later(std::atomic<std::uint32_t>& word) { wakes_.push_back(&word); }
  void call_background_later() { call_background_ = true; }
  void free_later(const object_store::Location& location) { frees_.push_back(location); }
  void run_later(std::function<void()> closure);  // on the continuation thread

  // Under the lock: completes an owned record with an error of this process' making.
  void fail(std::uint32_t slot, internal::ErrorKind kind, std::string message);
  std::vector<std::byte> make_error(internal::ErrorKind kind, std::string message) const;

 private:
  friend class CoreLock;

  [[noreturn]] void throw_unusable() const;
  void handle(std::string_view bytes);
  void carry_out();
  void leave();  // unlocks, and does what was put aside
  void leave_with_chores();
  void finish_task(std::uint32_t slot);
  void forget(std::uint32_t slot);
  void process_died(const ipc::ProcessDied& death);

  std::atomic<bool> down_{false};
  std::string down_reason_;
  std::vector<std::string> inbox_;
  bool settling_ = false;

  absl::InlinedVector<ipc::ProcessEntry*, 8> bells_;
  absl::InlinedVector<std::atomic<std::uint32_t>*, 8> wakes_;
  absl::InlinedVector<object_store::Location, 2> frees_;
  bool call_background_ = false;
  std::unique_ptr<Continuations> continuations_;  // of the user's closures
};

class CoreLock {
 public:
  explicit CoreLock(Core& core) : core_(core) { lock(); }
  ~CoreLock() {
    if (held_) unlock();
  }
  CoreLock(const CoreLock&) = delete;
  CoreLock& operator=(const CoreLock&) = delete;

  void lock() {
    core_.mutex.lock();
    held_ = true;
  }
  void unlock() {
    held_ = false;
    core_.leave();
  }

 private:
  Core& core_;
  bool held_ = false;
};

}  // namespace ray::core_worker
