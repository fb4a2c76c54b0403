#include "runtime/local_engine/local_engine.h"

#include <ray/cluster.h>
#include <ray/error.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <random>
#include <sstream>
#include <thread>
#include <utility>

namespace ray::local_engine {
namespace {

using internal::ErrorKind;
using internal::FunctionRecord;
using internal::throw_error;
using internal::throw_invalid_argument;

std::string hexadecimal(std::uint64_t number) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[number >> shift & 0xf];
  return text;
}

Resources total_of(const InitOptions& options) {
  Resources total = options.resources;
  total["CPU"] = options.num_cpus.value_or(std::max(1u, std::thread::hardware_concurrency()));
  total["GPU"] = options.num_gpus.value_or(0);
  total["memory"] =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  return total;
}

std::uint64_t random_number() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

// One more reference, unless the last one is already gone.
bool try_acquire(ObjectCell& cell) {
  std::uint32_t references = cell.references.load(std::memory_order_relaxed);
  while (references != 0) {
    if (cell.references.compare_exchange_weak(references, references + 1)) return true;
  }
  return false;
}

[[noreturn]] void throw_stopped() {
  throw_error(ErrorKind::error, "ray::shutdown() has ended the engine of this ref or call");
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

LocalEngine::LocalEngine(const InitOptions& options)
    : total_(total_of(options)),
      name_space_(options.name_space),
      node_id_(hexadecimal(random_number())),
      owner_(random_number()),
      queue_(total_) {}

void LocalEngine::stop() noexcept {
  Lock lock(mutex_);
  stopping_ = true;
  std::vector<std::weak_ptr<LocalActor>> actors = std::move(actors_);
  std::map<ActorName, CellPointer> detached = std::move(detached_);
  std::vector<CallPointer> never_run = queue_.drain();
  names_.clear();
  for (LocalWaiter* waiter : waiters_) waiter->wake.notify_one();
  task_ready_.notify_all();
  lock.unlock();
  never_run.clear();
  for (const auto& weak : actors) {
    if (auto actor = weak.lock()) actor->kill("ray::shutdown() was called", false);
  }
  detached.clear();
  lock.lock();
  thread_ended_.wait(lock, [&] { return threads_ == 0; });
}

// ---- Objects --------------------------------------------------------------------------------

internal::ObjectId LocalEngine::next_id(Lock&) {
  ++last_sequence_;
  return {.owner = owner_, .sequence = last_sequence_, .slot = 0};
}

LocalObject* LocalEngine::new_object(Lock& lock) {
  auto* object = new LocalObject;
  object->engine = this;
  object->id = next_id(lock);
  return object;
}

LocalObject& LocalEngine::object_of(ObjectCell& cell) const {
  if (cell.engine != this) throw_stopped();
  return static_cast<LocalObject&>(cell);
}

LocalActor& LocalEngine::actor_of(ObjectCell& cell) const {
  if (cell.engine != this) throw_stopped();
  return *static_cast<LocalActorCell&>(cell).actor;
}

Buffer LocalEngine::allocate(std::size_t bytes) {
  auto* data = new LocalData(bytes, {}, false);
  return {.data = data->bytes(), .size = bytes, .token = reinterpret_cast<std::uintptr_t>(data)};
}

void LocalEngine::abandon(Buffer buffer) noexcept {
  delete reinterpret_cast<LocalData*>(buffer.token);
}

ObjectCell* LocalEngine::put(Buffer filled, Cells nested) {
  DataPointer data(reinterpret_cast<LocalData*>(filled.token));
  data->set_nested(nested);
  Lock lock(mutex_);
  if (stopping_) throw_stopped();
  LocalObject* object = new_object(lock);
  object->data = std::move(data);
  return object;
}

ObjectCell* LocalEngine::put(std::span<const std::byte> bytes, Cells nested) {
  Buffer buffer = allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(buffer.data, bytes.data(), bytes.size());
  return put(buffer, nested);
}

void LocalEngine::release(ObjectCell& cell) noexcept {
  if (!static_cast<LocalCell&>(cell).is_actor) {
    delete &static_cast<LocalObject&>(cell);
    return;
  }
  auto& actor = static_cast<LocalActorCell&>(cell);
  {
    Lock lock(mutex_);
    std::erase_if(names_, [&](const auto& entry) { return entry.second == &actor; });
  }
  actor.actor->close();
  delete &actor;
}

// ---- Waiting --------------------------------------------------------------------------------

bool LocalEngine::wait_for(Lock& lock, std::span<LocalObject* const> objects, std::size_t enough,
                           const Deadline& deadline) {
  LocalWaiter waiter;
  std::size_t complete = 0;
  for (LocalObject* object : objects) complete += object->data != nullptr;
  if (complete >= enough) return true;
  waiter.missing = enough - complete;
  for (LocalObject* object : objects) {
    if (object->data == nullptr) object->waiters.push_back(&waiter);
  }
  waiters_.insert(&waiter);

  const LocalCall* task = current_call();
  bool gives_back = task != nullptr && task->function->kind == FunctionRecord::Kind::task;
  Amounts demand = gives_back ? task->demand : Amounts();
  queue_.give_back(demand);
  start_next(lock);
  auto done = [&] { return waiter.missing == 0 || stopping_; };
  if (deadline) {
    waiter.wake.wait_until(lock, *deadline, done);
  } else {
    waiter.wake.wait(lock, done);
  }
  queue_.take_again(demand);

  waiters_.erase(&waiter);
  for (LocalObject* object : objects) std::erase(object->waiters, &waiter);
  if (stopping_ && waiter.missing != 0) throw_stopped();
  return waiter.missing == 0;
}

Value LocalEngine::get(ObjectCell& cell, const Deadline& deadline) {
  LocalObject* object = &object_of(cell);
  Lock lock(mutex_);
  if (stopping_) throw_stopped();
  if (!wait_for(lock, {&object, 1}, 1, deadline)) {
    throw_error(ErrorKind::get_timeout, "the value was not there before the timeout");
  }
  return {.bytes = object->data->view(),
          .nested = object->data->nested(),
          .is_error = object->data->is_error(),
          .pin = object->data};
}

void LocalEngine::wait(Cells cells, std::size_t num_ready, const Deadline& deadline, bool,
                       std::span<bool> ready) {
  std::vector<LocalObject*> objects;
  objects.reserve(cells.size());
  for (ObjectCell* cell : cells) objects.push_back(&object_of(*cell));
  Lock lock(mutex_);
  if (stopping_) throw_stopped();
  wait_for(lock, objects, num_ready, deadline);
  for (std::size_t i = 0; i < objects.size(); ++i) ready[i] = objects[i]->data != nullptr;
}

void LocalEngine::when_ready(ObjectCell& cell, std::function<void()> done) {
  LocalObject& object = object_of(cell);
  {
    Lock lock(mutex_);
    if (object.data == nullptr) {
      object.continuations.push_back(std::move(done));
      return;
    }
  }
  done();
}

// ---- Calls ----------------------------------------------------------------------------------

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
    dependents = std::move(object.dependents);
    continuations = std::move(object.continuations);
  }
  for (const CallPointer& call : dependents) on_dependency(call);
  for (const auto& done : continuations) done();
}

// ---- Tasks ----------------------------------------------------------------------------------

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
  if (call->actor.get() != nullptr && !actor_of(*call->actor).remove(*call) && !force) return;
  complete(*call, {.error = LocalData::error(ErrorKind::task_cancelled, "the task was cancelled")});
}

// ---- Actors ---------------------------------------------------------------------------------

ObjectCell* LocalEngine::find_named(Lock&, const ActorName& name) {
  auto found = names_.find(name);
  if (found == names_.end() || found->second->actor->has_ended()) return nullptr;
  return try_acquire(*found->second) ? found->second : nullptr;
}

ObjectCell* LocalEngine::create_actor(const Submission& constructor) {
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
        if (call->options.get_if_exists.value_or(false)) return existing;
        internal::drop(existing);
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

ObjectCell* LocalEngine::find_actor(std::string_view name, std::string_view name_space) {
  Lock lock(mutex_);
  if (stopping_) throw_stopped();
  return find_named(
      lock, {std::string(name_space.empty() ? name_space_ : name_space), std::string(name)});
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

// ---- The cluster ----------------------------------------------------------------------------

std::vector<Node> LocalEngine::nodes() {
  return {{.id = node_id_, .address = "local", .alive = true, .resources = total_, .labels = {}}};
}

std::map<std::string, double> LocalEngine::cluster_resources() { return total_; }

std::map<std::string, double> LocalEngine::available_resources() {
  Lock lock(mutex_);
  return queue_.available();
}

RuntimeContext LocalEngine::runtime_context() {
  RuntimeContext context;
  context.job_id = hexadecimal(owner_);
  context.node_id = node_id_;
  context.worker_id = hexadecimal(::getpid());
  context.name_space = name_space_;
  if (const LocalCall* call = current_call()) {
    context.task_id = hexadecimal(call->id);
    if (call->actor.get() != nullptr) {
      context.actor_id = to_string(call->actor.get()->id);
      context.was_restarted = actor_of(*call->actor).has_restarted();
    }
  }
  return context;
}

internal::Engine& LocalBootstrap::start(const InitOptions& options) {
  static auto* engines = new std::vector<LocalEngine*>;  // refs to any of them may be left
  engines->push_back(new LocalEngine(options));
  return *engines->back();
}

void LocalBootstrap::stop(internal::Engine& engine) noexcept {
  static_cast<LocalEngine&>(engine).stop();
}

}  // namespace ray::local_engine
