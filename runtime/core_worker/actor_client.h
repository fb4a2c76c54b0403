// ActorClient keeps what this process knows of each actor that it holds a handle to: the calls that
// wait, in the order of their submission, and the channel to the worker where it lives. For the
// actors that it made, it also gets the worker and runs the constructor there, again after a death
// where restarts are left.
//
// Calls go out strictly in order: one whose dependencies are not ready holds back those behind it.
// What becomes of an actor when its worker dies is the raylet's to say (ActorState).
// Threading: under the engine's lock.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/core_worker/cells.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/core_worker/reply_reader.h"
#include "runtime/core_worker/worker_link.h"

namespace ray::core_worker {

class Core;

// A call by its place and its sequence: the place alone may be used again.
struct CallName {
  std::uint32_t slot = Record::kNone;
  std::uint64_t sequence = 0;
};

struct ActorEntry {
  enum class State : std::uint8_t {
    pending,  // no worker, or its constructor has not run
    alive,
    lost,  // its worker died: the raylet will say what follows
    dead,
  };

  internal::ObjectId id;
  State state = State::pending;
  WorkerLink* link = nullptr;
  std::uint64_t worker = 0;  // process
  bool watched = false;
  bool opening = false;               // a channel of this process' own
  std::int16_t max_task_retries = 0;  // 0 in a borrower that has not heard of it yet
  std::deque<CallName> waiting;       // in order
  std::deque<CallName> in_flight;     // pushed, in order
  std::vector<std::byte> death;       // encoded error

  // Of the owner:
  bool owned = false;
  bool detached = false;
  bool handles_gone = false;
  SchedulingClass* scheduling_class = nullptr;
  std::uint32_t constructor = Record::kNone;  // slot, while it is to run or runs
  std::uint32_t function = 0;
  std::uint32_t plan = 0;
  std::vector<std::byte> arguments;  // for restarts, as all below
  ReferenceList nested;
  ReferenceList dependencies;
  object_store::Location large;  // arguments in the store, where has_large
  bool has_large = false;
  ConcurrencyLimits limits;
  std::uint32_t restarts = 0;
  std::uint32_t max_pending = 0;  // calls of one caller; 0: no limit
};

class ActorClient final : public ReplyReader::Listener {
 public:
  explicit ActorClient(Core& core) : core_(core) {}
  ~ActorClient();

  // The entry for a handle of this process.
  ActorEntry& entry_of(const internal::ObjectId& id);
  // Takes over what the constructor is called with.
  void keep_spec(ActorEntry& actor, const internal::Submission& constructor);
  // The constructor's record is made and submitted by start(), here and after each death.
  void start(ActorEntry& actor);

  // A method was made for `actor`; it may have dependencies that are not ready.
  void submit(ActorEntry& actor, std::uint32_t slot);
  void runnable(std::uint32_t slot);
  // One call failed, perhaps before it went out: those behind it need not wait for it.
  void call_failed(const internal::ObjectId& id);
  // Takes back a call that was not begun.
  bool take_back(std::uint32_t slot);

  void kill(const internal::ObjectId& id, bool no_restart);

  void granted(ActorEntry& actor, WorkerLink& link);
  void state_changed(const ipc::ActorState& state);
  void registered(const ipc::ActorRegistered& answer);
  void channel_opened(const ipc::ChannelOpened& opened);
  void link_died(WorkerLink& link, const std::string& cause);
  // Of the owner: nobody anywhere holds a handle.
  void handles_gone(std::uint32_t slot);
  // Of another process: this one does not any more.
  void forget(const internal::ObjectId& id);

  bool progress(int max);
  void add_rings(PollSet&) const {}  // its links are the lease client's
  bool has_work() const { return in_flight_ != 0; }
  // The process that the actor is in; 0 where this one makes no calls of it.
  std::uint64_t worker_of(const internal::ObjectId& id) const;

 private:
  class ConstructorWatcher;

  void replied(WorkerLink& link, std::uint32_t slot) override;
  void blocked(WorkerLink&, bool) override {}  // calls stay where they are, in order

  void watch(ActorEntry& actor);
  void learn_retries(ActorEntry& actor, std::int32_t max_task_retries);
  void pump(ActorEntry& actor);
  // False where the call did not go out now: it stays where it is, and comes again.
  bool push(ActorEntry& actor, std::uint32_t slot);
  void constructor_ended(ActorEntry& actor, std::uint32_t slot);
  void end(ActorEntry& actor, const std::string& cause);
  void die(ActorEntry& actor, const std::vector<std::byte>& error);
  void restart(ActorEntry& actor);
  void drop_spec(ActorEntry& actor);
  void fail_calls(std::deque<CallName>& calls, std::span<const std::byte> error);
  void lose_link(ActorEntry& actor);

  Core& core_;
  struct HashId {
    std::size_t operator()(const internal::ObjectId& id) const {
      return absl::HashOf(id.owner, id.sequence);
    }
  };
  absl::flat_hash_map<internal::ObjectId, std::unique_ptr<ActorEntry>, HashId> actors_;
  absl::flat_hash_map<std::uint64_t, internal::ObjectId> openings_;  // request -> actor
  std::vector<ActorEntry*> linked_;                                  // those with a link
  std::size_t in_flight_ = 0;
};

}  // namespace ray::core_worker
