#include "runtime/local_engine/local_actor.h"

#include <algorithm>
#include <utility>

namespace ray::local_engine {

using internal::ErrorKind;
using internal::ErrorRecord;

namespace {

std::size_t concurrency_of(const LocalCall& constructor) {
  const int unless_told = constructor.function->is_async ? internal::kAsyncConcurrency : 1;
  std::size_t calls = std::max(1, constructor.options.max_concurrency.value_or(unless_told));
  for (const auto& [group, size] : constructor.options.concurrency_groups) calls += size;
  return calls;
}

}  // namespace

// A call of an async actor. It may be gone when what it waited for is complete.
class LocalActor::AsyncCall final : public internal::Resumer {
 public:
  AsyncCall(LocalActor& actor, std::uint64_t number, CallPointer call_pointer, void* object)
      : call(std::move(call_pointer)), run(*call, object, this), actor_(actor), number_(number) {}

  bool when_ready(ObjectCell& cell, std::function<void()> go_on) override {
    cell.engine->when_ready(
        cell, [weak = actor_.weak_from_this(), number = number_, go_on = std::move(go_on)] {
          const std::shared_ptr<LocalActor> actor = weak.lock();
          if (actor == nullptr) return;
          Lock lock(actor->mutex_);
          actor->resumptions_.add({number, go_on});
          actor->changed_.notify_all();
        });
    return true;
  }
  void at(std::chrono::steady_clock::time_point time, std::function<void()> go_on) override {
    Lock lock(actor_.mutex_);
    actor_.resumptions_.add_at(time, {number_, std::move(go_on)});
  }

  const CallPointer call;
  LocalRun run;

 private:
  LocalActor& actor_;
  const std::uint64_t number_;
};

LocalActor::LocalActor(CallPointer constructor, Complete complete)
    : constructor_(std::move(constructor)),
      complete_(std::move(complete)),
      is_async_(constructor_->function->is_async),
      calls_max_(concurrency_of(*constructor_)) {}

LocalActor::~LocalActor() = default;

std::size_t LocalActor::threads() const { return is_async_ ? 1 : calls_max_; }

bool LocalActor::can_construct() const {
  return state_ == State::waiting && constructor_->missing == 0 && running_.empty();
}

bool LocalActor::can_run() const {
  return state_ == State::running && running_.size() < calls_max_ && !queue_.empty() &&
         queue_.front()->missing == 0;
}

bool LocalActor::can_end() const {
  return state_ != State::constructing && closed_ && queue_.empty() && running_.empty();
}

void LocalActor::run() {
  Lock lock(mutex_);
  while (state_ != State::dead) {
    const bool resumed = resume_next(lock);
    if (state_ == State::dead) break;
    if (drops_suspended_) {
      drop_suspended(lock);
    } else if (can_construct()) {
      construct(lock);
    } else if (can_run()) {
      run_next(lock);
    } else if (resumed) {
      continue;
    } else if (can_end()) {
      end(lock, "its last handle is gone");
    } else if (const auto time = resumptions_.next_time()) {
      changed_.wait_until(lock, *time);
    } else {
      changed_.wait(lock);
    }
  }
  drop_suspended(lock);
  if (running_.empty()) destroy_object(lock);
}

void LocalActor::construct(Lock& lock) {
  state_ = State::constructing;
  destroy_object(lock);
  lock.unlock();
  Outcome outcome = run_call(*constructor_, nullptr);
  lock.lock();
  object_ = outcome.object;
  destroy_ = outcome.destroy;
  if (state_ == State::dead) {  // killed meanwhile
    destroy_object(lock);
  } else if (outcome.error != nullptr) {
    ErrorRecord record = internal::decode_error(outcome.error->view());
    end(lock, "its constructor threw " + record.remote_type + ": " + record.message);
  } else if (is_async_ && !options().concurrency_groups.empty()) {
    end(lock, "an async actor runs on one thread: it cannot have concurrency groups");
  } else {
    state_ = State::running;
    changed_.notify_all();
  }
}

void LocalActor::run_next(Lock& lock) {
  CallPointer call = std::move(queue_.front());
  queue_.pop_front();
  running_.push_back(call);
  void* object = object_;
  lock.unlock();
  if (!is_async_) {
    Outcome outcome = run_call(*call, object);
    return end_call(lock, std::move(call), std::move(outcome));
  }
  const std::uint64_t number = ++last_number_;
  auto begun = std::make_unique<AsyncCall>(*this, number, call, object);
  if (begun->run.begin()) {
    Outcome outcome = begun->run.take();
    begun.reset();
    return end_call(lock, std::move(call), std::move(outcome));
  }
  lock.lock();
  suspended_[number] = std::move(begun);
}

// Goes on with a call that has waited; false where there is none.
bool LocalActor::resume_next(Lock& lock) {
  auto next = resumptions_.take();
  if (!next) return false;
  const auto found = suspended_.find(next->call);
  if (found == suspended_.end()) return true;
  AsyncCall& resumed = *found->second;
  lock.unlock();
  const bool has_ended = resumed.run.resume(next->go_on);
  lock.lock();
  if (!has_ended) return true;
  auto ended = suspended_.extract(found);
  lock.unlock();
  Outcome outcome = resumed.run.take();
  CallPointer call = resumed.call;
  ended = {};
  end_call(lock, std::move(call), std::move(outcome));
  return true;
}

void LocalActor::cancel(const LocalCall& call) {
  Lock lock(mutex_);
  for (const auto& [number, suspended] : suspended_) {
    if (suspended->call.get() != &call) continue;
    resumptions_.add({number, [cancelled = suspended.get()] { cancelled->cancel(); }});
    changed_.notify_all();
  }
}

void LocalActor::drop_suspended(Lock& lock) {
  drops_suspended_ = false;
  auto dropped = std::move(suspended_);
  suspended_.clear();
  for (const auto& [number, call] : dropped) std::erase(running_, call->call);
  lock.unlock();
  dropped.clear();
  lock.lock();
}

// Without the lock, which it takes.
void LocalActor::end_call(Lock& lock, CallPointer call, Outcome outcome) {
  bool exits = take_exit_request();
  if (exits)
    outcome.error = LocalData::error(ErrorKind::actor_died, "the actor called exit_actor()");
  complete_(*call, std::move(outcome));
  lock.lock();
  std::erase(running_, call);
  if (exits && state_ != State::dead) end(lock, "it called exit_actor()");
  changed_.notify_all();
  lock.unlock();
  call.reset();  // may drop the last handle, which takes the lock
  lock.lock();
}

std::optional<ErrorRecord> LocalActor::push(const CallPointer& call) {
  Lock lock(mutex_);
  ErrorRecord error;
  if (state_ == State::dead) {
    error.kind = ErrorKind::actor_died;
    error.message = "the actor has died: " + why_dead_;
    return error;
  }
  auto limit = options().max_pending_calls;
  if (limit && queue_.size() >= static_cast<std::size_t>(*limit)) {
    error.kind = ErrorKind::pending_calls_limit;
    error.message = "max_pending_calls of the actor is " + std::to_string(*limit);
    return error;
  }
  queue_.push_back(call);
  changed_.notify_all();
  return std::nullopt;
}

void LocalActor::wake() {
  Lock lock(mutex_);
  changed_.notify_all();
}

bool LocalActor::remove(const LocalCall& call) {
  CallPointer removed;
  Lock lock(mutex_);
  auto at = std::ranges::find_if(queue_, [&](const CallPointer& c) { return c.get() == &call; });
  if (at == queue_.end()) return false;
  removed = std::move(*at);
  queue_.erase(at);
  changed_.notify_all();
  return true;
}

bool LocalActor::has_ended() {
  Lock lock(mutex_);
  return state_ == State::dead;
}

bool LocalActor::has_restarted() {
  Lock lock(mutex_);
  return restarts_ > 0;
}

void LocalActor::close() {
  Lock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

void LocalActor::kill(const std::string& why, bool may_restart) {
  Lock lock(mutex_);
  if (state_ == State::dead) return;
  int limit = options().max_restarts.value_or(0);
  if (!may_restart || (limit >= 0 && restarts_ >= limit)) {
    end(lock, why);
    return;
  }
  ++restarts_;
  if (state_ == State::running) state_ = State::waiting;  // until the calls that run are done
  std::vector<CallPointer> lost = running_;
  drops_suspended_ = true;
  changed_.notify_all();
  lock.unlock();
  fail(lost, why);
}

void LocalActor::end(Lock& lock, const std::string& why) {
  state_ = State::dead;
  why_dead_ = why;
  std::vector<CallPointer> lost(queue_.begin(), queue_.end());
  lost.insert(lost.end(), running_.begin(), running_.end());
  queue_.clear();
  changed_.notify_all();
  lock.unlock();
  fail(lost, why);
  lost.clear();
  lock.lock();
}

void LocalActor::destroy_object(Lock& lock) {
  void* object = std::exchange(object_, nullptr);
  if (object == nullptr) return;
  lock.unlock();
  destroy_(object);
  lock.lock();
}

void LocalActor::fail(const std::vector<CallPointer>& calls, const std::string& why) {
  for (const CallPointer& call : calls) {
    complete_(*call,
              {.error = LocalData::error(ErrorKind::actor_died, "the actor has died: " + why)});
  }
}

}  // namespace ray::local_engine
