// The part of LocalEngine that runs calls: tasks on threads of its own, actors' on theirs.
#include <ray/error.h>
#include <ray/internal/class_layout.h>

#include <cstring>
#include <iostream>
#include <sstream>
#include <thread>
#include <utility>

#include "runtime/local_engine/local_engine.h"

namespace ray::local_engine {
namespace {

using internal::ErrorKind;
using internal::FunctionRecord;
using internal::throw_error;
using internal::throw_invalid_argument;

// One more reference, unless the last one is already gone.
bool try_acquire(ObjectCell& cell) {
  std::uint32_t references = cell.references.load(std::memory_order_relaxed);
  while (references != 0) {
    if (cell.references.compare_exchange_weak(references, references + 1)) return true;
  }
  return false;
}

void warn_of_impossible(const LocalCall& call, const TaskQueue& queue) {
  if (queue.can_ever_run(call.demand)) return;
  std::ostringstream text;
  text << "ray: " << call.function->name << " waits for resources that this machine does not have:";
  for (const auto& [name, amount] : call.demand) {
    text << ' ' << name << ' ' << static_cast<double>(amount) / 10'000;
  }
  std::cerr << text.str() << std::endl;
}

}  // namespace

CallPointer LocalEngine::new_call(const Submission& submission) {
  auto call = std::make_shared<LocalCall>();
  call->function = submission.function;
  if (submission.options != nullptr) {
    call->options = *submission.options;
  } else if (submission.function->options != nullptr) {
    submission.function->options(call->options);
  }
  if (submission.large.data != nullptr) {
    call->arguments.reset(reinterpret_cast<LocalData*>(submission.large.token));
    call->arguments->set_nested(submission.nested);
  } else {
    auto bytes = submission.arguments;
    call->arguments = std::make_shared<LocalData>(bytes.size(), submission.nested, false);
    if (!bytes.empty()) std::memcpy(call->arguments->bytes(), bytes.data(), bytes.size());
  }
  for (ObjectCell* cell : submission.dependencies) {
    object_of(*cell);
    call->dependencies.push_back(share(cell));
  }
  return call;
}

// Counts what is missing, and lets go of the count that stands for the submission itself.
void LocalEngine::await_dependencies(const CallPointer& call) {
  {
    Lock lock(mutex_);
    for (const CellPointer& dependency : call->dependencies) {
      auto& object = static_cast<LocalObject&>(*dependency);
      if (object.data != nullptr) continue;
      ++call->missing;
      object.dependents.push_back(call);
    }
  }
  on_dependency(call);
}

void LocalEngine::on_dependency(const CallPointer& call) {
  if (--call->missing != 0) return;
  if (call->function->kind == FunctionRecord::Kind::task) {
    Lock lock(mutex_);
    if (call->state != LocalCall::State::waiting || stopping_) return;
    call->state = LocalCall::State::ready;
    if (failed_dependency(*call) == nullptr) call->demand = demand_of(call->options);
    warn_of_impossible(*call, queue_);
    queue_.push(call);
    start_next(lock);
  } else {
    if (auto actor = call->runner.lock()) actor->wake();
  }
}

void LocalEngine::submit(const Submission& submission, std::span<ObjectCell*> returns) {
  require_own_process();
  CallPointer call = new_call(submission);
  {
    Lock lock(mutex_);
    if (stopping_) throw_stopped();
    call->id = ++last_sequence_;
    for (ObjectCell*& place : returns) {
      LocalObject* object = new_object(lock);
      object->made_by = call;
      call->returns.push_back(share(object));
      place = object;
    }
    if (call->function->is_generator) {
      open_stream(static_cast<LocalObject&>(*returns.front()), call);
    }
  }
  if (submission.actor != nullptr) {
    LocalActor& actor = actor_of(*submission.actor);
    call->actor = share(submission.actor);
    call->runner = static_cast<LocalActorCell&>(*submission.actor).actor;
    if (!call->options.max_task_retries) {
      call->options.max_task_retries = actor.options().max_task_retries;
    }
    if (auto error = actor.push(call)) {
      if (error->kind == ErrorKind::pending_calls_limit) {
        for (ObjectCell* object : returns) internal::drop(object);
        throw_error(std::move(*error));
      }
      complete(*call, {.error = LocalData::error(internal::encode_error(*error))});
      return;
    }
  }
  await_dependencies(call);
}

void LocalEngine::complete(LocalCall& call, Outcome outcome) {
  for (std::size_t i = 0; i < call.returns.size(); ++i) {
    DataPointer data = outcome.error != nullptr ? outcome.error : outcome.results.at(i);
    complete_object(static_cast<LocalObject&>(*call.returns[i]), std::move(data));
  }
}

void LocalEngine::complete_object(LocalObject& object, DataPointer data) {
  std::vector<CallPointer> dependents;
  std::vector<std::function<void()>> continuations;
  {
    Lock lock(mutex_);
    if (object.data != nullptr) return;
    object.data = std::move(data);
    for (LocalWaiter* waiter : object.waiters) {
      if (waiter->missing > 0 && --waiter->missing == 0) waiter->wake.notify_one();
    }
    object.waiters.clear();
    if (object.stream != nullptr) object.stream->wake();
    dependents = std::move(object.dependents);
    continuations = std::move(object.continuations);
  }
  for (const CallPointer& call : dependents) on_dependency(call);
  for (const auto& done : continuations) done();
}

void LocalEngine::spawn(Lock&, std::function<void()> body) {
  ++threads_;
  std::thread([this, body = std::move(body)]() mutable {
    body();
    body = nullptr;
    Lock lock(mutex_);
    if (--threads_ == 0) thread_ended_.notify_all();
  }).detach();
}

void LocalEngine::start_next(Lock& lock) {
  if (stopping_ || !queue_.has_next()) return;
  if (idle_threads_ > 0) {
    task_ready_.notify_one();
  } else {
    spawn(lock, [this] { run_tasks(); });
  }
}

void LocalEngine::run_tasks() {
  std::deque<CallPointer> dropped;
  Lock lock(mutex_);
  while (!stopping_) {
    CallPointer call = queue_.take(dropped);
    if (call == nullptr && dropped.empty()) {
      ++idle_threads_;
      task_ready_.wait(lock);
      --idle_threads_;
      continue;
    }
    if (call != nullptr) call->state = LocalCall::State::running;
    start_next(lock);
    lock.unlock();
    dropped.clear();
    Amounts demand;
    if (call != nullptr) {
      demand = call->demand;
      complete(*call, run_call(*call, nullptr));
      call.reset();
    }
    lock.lock();
    queue_.give_back(demand);
  }
}

void LocalEngine::cancel(ObjectCell& result, bool force) {
  CallPointer call;
  {
    Lock lock(mutex_);
    call = object_of(result).made_by.lock();
    if (call == nullptr) return;
    bool is_task = call->function->kind == FunctionRecord::Kind::task;
    bool has_started = is_task && call->state >= LocalCall::State::running;
    if (has_started && !force) return;
    if (is_task && !has_started) call->state = LocalCall::State::done;
  }
  if (call->actor.get() != nullptr && !actor_of(*call->actor).remove(*call) && !force) {
    return actor_of(*call->actor).cancel(*call);
  }
  complete(*call, {.error = LocalData::error(ErrorKind::task_cancelled, "the task was cancelled")});
}

ObjectCell* LocalEngine::find_named(Lock&, const ActorName& name) {
  auto found = names_.find(name);
  if (found == names_.end() || found->second->actor->has_ended()) return nullptr;
  return try_acquire(*found->second) ? found->second : nullptr;
}

ObjectCell* LocalEngine::create_actor(const Submission& constructor) {
  require_own_process();
  CallPointer call = new_call(constructor);
  ActorName name(call->options.name_space.value_or(name_space_), call->options.name.value_or(""));
  auto actor = std::make_shared<LocalActor>(
      call, [this](LocalCall& ended, Outcome outcome) { complete(ended, std::move(outcome)); });
  call->runner = actor;
  auto* cell = new LocalActorCell;
  cell->engine = this;
  cell->is_actor = true;
  cell->actor = actor;
  CellPointer held(cell);
  {
    Lock lock(mutex_);
    if (stopping_) throw_stopped();
    cell->id = next_id(lock);
    if (!name.second.empty()) {
      if (ObjectCell* existing = find_named(lock, name)) {
        lock.unlock();
        CellPointer found(existing);
        if (call->options.get_if_exists.value_or(false)) {
          const char* its_constructor = actor_of(*existing).constructor().name;
          internal::require_same_class(
              name.second, {.cell = existing, .constructor = its_constructor, .layout = ""},
              internal::class_of_constructor(constructor.function->name));
          internal::acquire(existing);
          return existing;
        }
        throw_invalid_argument("there is an actor named '" + name.second + "' already");
      }
      names_[name] = cell;
      if (call->options.lifetime == Lifetime::detached) detached_[name] = held;
    }
    std::erase_if(actors_, [](const auto& weak) { return weak.expired(); });
    actors_.push_back(actor);
    for (std::size_t i = 0; i < actor->threads(); ++i) spawn(lock, [actor] { actor->run(); });
  }
  await_dependencies(call);
  internal::acquire(cell);
  return cell;
}

internal::FoundActor LocalEngine::find_actor(std::string_view name, std::string_view name_space) {
  Lock lock(mutex_);
  if (stopping_) throw_stopped();
  ObjectCell* cell = find_named(
      lock, {std::string(name_space.empty() ? name_space_ : name_space), std::string(name)});
  if (cell == nullptr) return {};
  return {.cell = cell, .constructor = actor_of(*cell).constructor().name, .layout = ""};
}

void LocalEngine::kill(ObjectCell& actor, bool no_restart) {
  actor_of(actor).kill("ray::kill() ended it", !no_restart);
  auto& cell = static_cast<LocalActorCell&>(actor);
  CellPointer detached;
  Lock lock(mutex_);
  if (!no_restart) return;
  std::erase_if(names_, [&](const auto& entry) { return entry.second == &cell; });
  for (auto at = detached_.begin(); at != detached_.end(); ++at) {
    if (at->second.get() != &actor) continue;
    detached = std::move(at->second);
    detached_.erase(at);
    break;
  }
  lock.unlock();
}

void LocalEngine::exit_actor() { request_exit(); }

}  // namespace ray::local_engine
