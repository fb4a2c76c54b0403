// The part of CallExecutor that runs the calls of an actor next to each other.
#include <ray/error.h>

#include <string>
#include <system_error>
#include <utility>

#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/core.h"

namespace ray::core_worker {
namespace {

void fail_for_group(CallRun& run) {
  run.execution.fail(internal::ErrorKind::error,
                     "the actor has no concurrency group '" + run.group() + "'");
}

}  // namespace

// The actor's calls run next to each other from here on, where it asks for that.
void CallExecutor::start_concurrency(CoreLock& lock) {
  CallExecution& execution = run_->execution;
  const ConcurrencyLimits& limits = execution.actor_limits();
  if (execution.has_failed()) return;
  if (!run_->function->record->is_async) {
    if (ActorThreads::are_needed(limits)) start_threads(lock);
  } else if (limits.groups.empty()) {
    async_ = std::make_unique<AsyncCalls>(core_, me_, limits.threads);
    has_cpu_ = run_->served->resources.units(base::kCpu) != 0;
  } else {
    execution.fail(internal::ErrorKind::error,
                   "an async actor runs on one thread: it cannot have concurrency groups");
  }
}

void CallExecutor::start_threads(CoreLock& lock) {
  CallExecution& execution = run_->execution;
  lock.unlock();
  try {
    threads_ = std::make_unique<ActorThreads>(core_, execution.actor_limits(),
                                              [this](CoreLock& held, CallRun& run) {
                                                ++running_;
                                                tell_blocked();
                                                held.unlock();
                                                runner_.run(run);
                                                held.lock();
                                                send_reply(held, run);
                                                core_.ring_later(run.served->entry);
                                                end(run);
                                              });
  } catch (const std::system_error& error) {
    execution.fail(internal::ErrorKind::error,
                   std::string("the actor's threads cannot start: ") + error.what());
  }
  lock.lock();
}

void CallExecutor::hand_over(CoreLock& lock) {
  std::unique_ptr<CallRun> run = std::exchange(run_, std::make_unique<CallRun>(core_));
  std::string group = run->group();
  if (!threads_->has_group(group)) {
    fail_for_group(*run);
    group.clear();
  }
  threads_->add(group, std::move(run));
  lock.unlock();
  threads_->start_missing();
  lock.lock();
}

// Runs a part of a call, up to where it waits, or to its end.
void CallExecutor::run_async(CoreLock& lock, CallRun& run, const std::function<void()>& step) {
  ++running_;
  lock.unlock();
  step();
  lock.lock();
  if (run.execution.suspended != nullptr) return stopped_running();
  send_reply(lock, run);
  core_.ring_later(run.served->entry);
  end(run);
  async_->remove(run);
}

void CallExecutor::begin_async(CoreLock& lock) {
  CallRun& run = async_->add(std::exchange(run_, std::make_unique<CallRun>(core_)));
  if (!run.group().empty()) fail_for_group(run);
  run_async(lock, run, [&] { runner_.run(run); });
}

bool CallExecutor::resume_async(CoreLock& lock) {
  if (async_->empty()) return false;
  core_.progress();  // calls may come without a pause, so that nobody else sees what is complete
  const auto next = async_->take_next();
  if (!next) return false;
  run_async(lock, *next->run, [&] { runner_.resume(*next->run, next->go_on); });
  return true;
}

}  // namespace ray::core_worker
