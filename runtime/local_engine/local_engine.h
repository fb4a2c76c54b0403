// LocalEngine runs tasks and actors on threads of this process: for debuggers, unit tests, and
// programs that ray-cc did not compile.
//
// A task has a thread for as long as it runs, so that nested gets cannot deadlock; a task that
// waits gives its resources back meanwhile. Values are encoded and decoded as between processes.
//
// Threading: any thread may call anything; one mutex guards objects, calls and the queue, and no
// user code runs under it; in a child that user code forks, calls throw. Ownership: never freed,
// since refs may outlive stop(). Limits: a running body cannot be ended, so kill and a forced
// cancel end what others see of it; stop() waits for it. Concurrency groups are one pool of all
// their threads; max_calls, memory, labels, the runtime_env and the placement of tasks mean nothing
// here.
#pragma once

#include <ray/internal/bootstrap.h>
#include <ray/internal/engine.h>
#include <sys/types.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/local_engine/local_actor.h"
#include "runtime/local_engine/local_call.h"
#include "runtime/local_engine/local_object.h"
#include "runtime/local_engine/task_queue.h"

namespace ray::local_engine {

using internal::Buffer;
using internal::Deadline;
using internal::Submission;
using internal::Value;

class LocalEngine final : public internal::Engine {
 public:
  explicit LocalEngine(const InitOptions& options);

  // Ends all actors, forgets tasks that have not started, and waits for those that run. From now on
  // calls throw ray::Error.
  void stop() noexcept;

  Buffer allocate(std::size_t bytes) override;
  void abandon(Buffer buffer) noexcept override;
  ObjectCell* put(Buffer filled, Cells nested) override;
  ObjectCell* put(std::span<const std::byte> bytes, Cells nested) override;
  Value get(ObjectCell& cell, const Deadline& deadline) override;
  void wait(Cells cells, std::size_t num_ready, const Deadline& deadline, bool fetch_local,
            std::span<bool> ready) override;
  void when_ready(ObjectCell& cell, std::function<void()> done) override;
  void release(ObjectCell& cell) noexcept override;

  void submit(const Submission& call, std::span<ObjectCell*> returns) override;
  ObjectCell* next_item(ObjectCell& stream, const Deadline& deadline) override;
  void close_stream(ObjectCell& stream) noexcept override;
  ObjectCell* create_actor(const Submission& constructor) override;
  internal::FoundActor find_actor(std::string_view name, std::string_view name_space) override;
  void kill(ObjectCell& actor, bool no_restart) override;
  void cancel(ObjectCell& result, bool force) override;
  [[noreturn]] void exit_actor() override;

  std::vector<Node> nodes() override;
  std::map<std::string, double> cluster_resources() override;
  std::map<std::string, double> available_resources() override;
  RuntimeContext runtime_context() override;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using ActorName = std::pair<std::string, std::string>;  // namespace, name

  [[noreturn]] static void throw_stopped();
  // Throws in a child that user code forked: it has none of the threads. Without the mutex, which
  // one of them may have held.
  void require_own_process() const;
  internal::ObjectId next_id(Lock& lock);
  LocalObject* new_object(Lock& lock);
  CallPointer new_call(const Submission& submission);
  LocalObject& object_of(ObjectCell& cell) const;
  LocalActor& actor_of(ObjectCell& cell) const;
  ObjectCell* find_named(Lock& lock, const ActorName& name);

  // Waits until `enough` of the objects are complete; false when the deadline passes before.
  bool wait_for(Lock& lock, std::span<LocalObject* const> objects, std::size_t enough,
                const Deadline& deadline);
  // Until nothing is missing or the deadline has passed; the calling task's resources are lent.
  void sleep(Lock& lock, LocalWaiter& waiter, const Deadline& deadline);
  void open_stream(LocalObject& object, const CallPointer& call);
  bool deliver(const LocalCall& call, LocalStream& stream, std::uint64_t index, DataPointer data);
  void await_dependencies(const CallPointer& call);
  void on_dependency(const CallPointer& call);
  void complete(LocalCall& call, Outcome outcome);
  void complete_object(LocalObject& object, DataPointer data);

  void start_next(Lock& lock);
  void run_tasks();
  void spawn(Lock& lock, std::function<void()> body);

  // Constant after construction:
  const Resources total_;
  const std::string name_space_;
  const std::string node_id_;
  const std::uint64_t owner_;
  const pid_t process_;

  std::mutex mutex_;
  // Protected by mutex_:
  bool stopping_ = false;
  std::uint64_t last_sequence_ = 0;
  TaskQueue queue_;
  std::condition_variable task_ready_;
  std::size_t idle_threads_ = 0;
  std::size_t threads_ = 0;
  std::condition_variable thread_ended_;
  std::set<LocalWaiter*> waiters_;
  std::vector<std::weak_ptr<LocalActor>> actors_;
  std::map<ActorName, LocalActorCell*> names_;
  std::map<ActorName, CellPointer> detached_;  // what keeps detached actors alive
};

// Makes it for ray::init({.engine = "local"}).
class LocalBootstrap final : public internal::Bootstrap {
 public:
  internal::Engine& start(const InitOptions& options) override;
  void stop(internal::Engine& engine) noexcept override;
};

}  // namespace ray::local_engine
