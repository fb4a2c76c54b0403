#include "runtime/local_engine/local_actor.h"

#include <algorithm>
#include <utility>

namespace ray::local_engine {

using internal::ErrorKind;
using internal::ErrorRecord;

LocalActor::LocalActor(CallPointer constructor, Complete complete)
    : constructor_(std::move(constructor)), complete_(std::move(complete)) {}

std::size_t LocalActor::threads() const {
  std::size_t threads = options().max_concurrency.value_or(1);
  for (const auto& [group, size] : options().concurrency_groups) threads += size;
  return threads;
}

bool LocalActor::can_construct() const {
  return state_ == State::waiting && constructor_->missing == 0 && running_.empty();
}

bool LocalActor::can_run() const {
  return state_ == State::running && !queue_.empty() && queue_.front()->missing == 0;
}

bool LocalActor::can_end() const {
  return state_ != State::constructing && closed_ && queue_.empty() && running_.empty();
}

void LocalActor::run() {
  Lock lock(mutex_);
  while (state_ != State::dead) {
    if (can_construct()) {
      construct(lock);
    } else if (can_run()) {
      run_next(lock);
    } else if (can_end()) {
      end(lock, "its last handle is gone");
    } else {
      changed_.wait(lock);
    }
  }
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
  Outcome outcome = run_call(*call, object);
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
