// LocalActor is one actor of the local engine: an object, and the queue of its calls, which
// max_concurrency threads run in the order of their arrival; of an async actor one thread, which
// goes on with calls that waited between one and the next.
//
// Threading: any thread may call anything. Nothing is completed, run or destroyed under its mutex.
// Ownership: its threads and its cell hold it.
#pragma once

#include <ray/error.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/resumption_queue.h"
#include "runtime/local_engine/local_call.h"

namespace ray::local_engine {

class LocalActor : public std::enable_shared_from_this<LocalActor> {
 public:
  using Complete = std::function<void(LocalCall&, Outcome)>;

  // `complete` ends a call; of several ends of one call the first counts.
  LocalActor(CallPointer constructor, Complete complete);
  ~LocalActor();

  // What each of the actor's threads does; returns when the actor has ended.
  void run();
  std::size_t threads() const;

  // Queues a call; gives the error where the actor takes no more.
  std::optional<internal::ErrorRecord> push(const CallPointer& call);
  // A call of this actor has all its dependencies now.
  void wake();
  // Takes out a call that has not started; false if there is none.
  bool remove(const LocalCall& call);

  // A call that waits in a coroutine goes on with TaskCancelledError; others go on as they do.
  void cancel(const LocalCall& call);

  // The last handle is gone: the actor ends when its queue is empty.
  void close();
  // The actor ends now, or where `may_restart` and max_restarts allow it, begins anew. Calls that
  // run fail, queued ones too unless it begins anew. Their bodies run on unseen.
  void kill(const std::string& why, bool may_restart);

  bool has_ended();
  bool has_restarted();
  const internal::CallOptions& options() const { return constructor_->options; }
  const internal::FunctionRecord& constructor() const { return *constructor_->function; }

 private:
  enum class State { waiting, constructing, running, dead };
  using Lock = std::unique_lock<std::mutex>;
  class AsyncCall;

  bool can_construct() const;
  bool can_run() const;
  bool can_end() const;
  void construct(Lock& lock);
  void run_next(Lock& lock);
  bool resume_next(Lock& lock);
  void end_call(Lock& lock, CallPointer call, Outcome outcome);
  void drop_suspended(Lock& lock);
  void end(Lock& lock, const std::string& why);
  void destroy_object(Lock& lock);
  void fail(const std::vector<CallPointer>& calls, const std::string& why);

  const CallPointer constructor_;
  const Complete complete_;
  const bool is_async_;
  const std::size_t calls_max_;  // at once

  std::uint64_t last_number_ = 0;  // of an async actor's one thread

  std::mutex mutex_;
  // Protected by mutex_:
  std::condition_variable changed_;
  State state_ = State::waiting;
  bool closed_ = false;
  int restarts_ = 0;
  std::string why_dead_;
  std::deque<CallPointer> queue_;
  std::vector<CallPointer> running_;
  void* object_ = nullptr;
  void (*destroy_)(void*) = nullptr;
  std::map<std::uint64_t, std::unique_ptr<AsyncCall>> suspended_;  // by number
  base::ResumptionQueue resumptions_;
  bool drops_suspended_ = false;  // their calls have failed
};

// How an actor's cell is known to the engine.
struct LocalActorCell : LocalCell {
  std::shared_ptr<LocalActor> actor;
};

}  // namespace ray::local_engine
