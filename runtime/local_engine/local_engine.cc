#include "runtime/local_engine/local_engine.h"

#include <ray/cluster.h>
#include <ray/error.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <thread>
#include <utility>

namespace ray::local_engine {
namespace {

using internal::ErrorKind;
using internal::FunctionRecord;
using internal::throw_error;

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

}  // namespace

void LocalEngine::throw_stopped() {
  throw_error(ErrorKind::error, "ray::shutdown() has ended the engine of this ref or call");
}

LocalEngine::LocalEngine(const InitOptions& options)
    : total_(total_of(options)),
      name_space_(options.name_space),
      node_id_(hexadecimal(random_number())),
      owner_(random_number()),
      process_(::getpid()),
      queue_(total_) {}

void LocalEngine::require_own_process() const {
  if (::getpid() == process_) return;
  throw_error(ErrorKind::error, "ray cannot be used in a process made by fork()");
}

void LocalEngine::stop() noexcept {
  if (::getpid() != process_) return;
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
  require_own_process();
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
  sleep(lock, waiter, deadline);
  for (LocalObject* object : objects) std::erase(object->waiters, &waiter);
  if (stopping_ && waiter.missing != 0) throw_stopped();
  return waiter.missing == 0;
}

void LocalEngine::sleep(Lock& lock, LocalWaiter& waiter, const Deadline& deadline) {
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
}

Value LocalEngine::get(ObjectCell& cell, const Deadline& deadline) {
  require_own_process();
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
  require_own_process();
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

std::vector<Node> LocalEngine::nodes() {
  require_own_process();
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
