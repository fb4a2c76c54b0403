#include "runtime/core_worker/core.h"

#include <pthread.h>
#include <unistd.h>

#include <utility>

#include "runtime/base/ids.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/oversized_records.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/core_worker/reference_table.h"
#include "runtime/core_worker/stream_reader.h"
#include "runtime/ipc/futex.h"
#include "runtime/ipc/typed_message.h"

namespace ray::core_worker {
namespace {

constexpr int kCompletionsMax = 256;  // while the lock is held

// Counts the forks that led to this process since an engine was made in it: user code may fork, and
// its child has neither the threads nor the rings.
std::atomic<int> fork_count{0};

int watch_forks() {
  static const int registered =
      pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1, std::memory_order_relaxed); });
  (void)registered;
  return fork_count.load(std::memory_order_relaxed);
}

}  // namespace

Core::Core(internal::Engine& engine_in, base::Log& log_in, ControlClient& control_in,
           ipc::Welcome welcome_in, ipc::Fabric fabric_in, ipc::ProcessEntry& self_in)
    : engine(engine_in),
      log(log_in),
      control(control_in),
      welcome(std::move(welcome_in)),
      fabric(std::move(fabric_in)),
      self(self_in),
      fork_generation(watch_forks()),
      continuations_(std::make_unique<Continuations>()) {}

Core::~Core() {
  continuations_.reset();
  oversized.reset();
}

bool Core::usable() const {
  return !down_.load(std::memory_order_acquire) &&
         fork_generation == fork_count.load(std::memory_order_relaxed);
}

void Core::end_forked_child() const {
  if (fork_generation == fork_count.load(std::memory_order_relaxed)) return;
  log.error("a child made by fork() returned from a remote function; it ends here");
  ::_exit(1);
}

void Core::throw_unusable() const {
  if (fork_generation != fork_count.load(std::memory_order_relaxed)) {
    internal::throw_error(internal::ErrorKind::error,
                          "ray cannot be used in a process made by fork()");
  }
  internal::throw_error(internal::ErrorKind::error, const_cast<Core*>(this)->down_reason());
}

std::string Core::down_reason() {
  std::lock_guard lock(mutex);
  return down_reason_;
}

void Core::go_down(std::string reason) {
  CoreLock lock(*this);
  if (is_down()) return;
  down_reason_ = std::move(reason);
  down_.store(true, std::memory_order_release);
  leader->wake_all();
  call_background_later();
}

void Core::receive(std::string bytes) {
  CoreLock lock(*this);
  inbox_.push_back(std::move(bytes));
  // Done here, at once: nobody else needs to wake for most messages. A leader may have rings to
  // look at anew, or be what the message is for.
  progress();
  leader->kick();
}

bool Core::progress() {
  bool any = false;
  if (references->has_released()) {
    references->drain();
    any = true;
  }
  for (std::size_t i = 0; i < inbox_.size(); ++i) {
    const std::string bytes = std::move(inbox_[i]);
    handle(bytes);
    settle();
    any = true;
  }
  inbox_.clear();
  settle();
  any |= leases->progress(kCompletionsMax);
  settle();
  any |= actors->progress(kCompletionsMax);
  settle();
  any |= peers->progress();
  settle();
  any |= executor->flush();
  if (any) leader->note_activity();
  if (executor->readable()) leader->wake_executor();
  return any;
}

bool Core::has_unsent() const { return peers->has_unsent() || executor->has_unsent(); }

void Core::cancel(std::uint32_t slot, bool force) {
  Record& record = table.at(slot);
  if (record.kind != ownership::RecordKind::task || record.complete()) return;
  const RecordState state = record.state.load(std::memory_order_relaxed);
  const bool is_method = record.extra != nullptr && record.extra->actor != nullptr;
  record.cancelled = true;
  const bool not_begun = state == RecordState::waiting ||
                         (is_method ? actors->take_back(slot) : leases->take_back(slot));
  if (not_begun) {
    fail(slot, internal::ErrorKind::task_cancelled, "the task was cancelled");
    settle();
  } else if (force && !is_method) {
    leases->kill_worker_of(slot);
  } else {
    record.cancelled = false;  // it runs, and goes on, unless it is a coroutine of an async actor
    const std::uint64_t worker = is_method ? actors->worker_of(record.extra->actor->id) : 0;
    if (worker != 0) peers->cancel_call(worker, cell_of(record).id);
  }
}

void Core::carry_out() {
  if (settling_) return;  // the outer call goes on until all are done
  settling_ = true;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const ownership::Effect effect = effects[i];
    switch (effect.kind) {
      case ownership::Effect::Kind::runnable: {
        const Record& record = table.at(effect.slot);
        if (record.extra != nullptr && record.extra->actor != nullptr) {
          actors->runnable(effect.slot);
        } else {
          leases->enqueue(effect.slot);
        }
        break;
      }
      case ownership::Effect::Kind::complete:
        finish_task(effect.slot);
        break;
      case ownership::Effect::Kind::lost:
        if (table.at(effect.slot).cancelled) {
          fail(effect.slot, internal::ErrorKind::task_cancelled, "the task was cancelled");
        } else {
          fail(effect.slot, internal::ErrorKind::worker_crashed,
               leases->cause_of_loss(effect.slot) + " while it ran " +
                   leases->functions().at(table.at(effect.slot).function).function->name);
        }
        break;
      case ownership::Effect::Kind::notify:
        reinterpret_cast<Watcher*>(effect.token)->completed();
        break;
      case ownership::Effect::Kind::forgotten:
        forget(effect.slot);
        break;
    }
  }
  effects.clear();
  settling_ = false;
}

// A task is complete: what only its run needed is let go.
void Core::finish_task(std::uint32_t slot) {
  Record& record = table.at(slot);
  if (record.extra == nullptr) return;
  if (record.extra->has_large && !record.extra->large_is_lent)
    free_later(unpacked(record.extra->large.data()));
  const bool failed = record.state.load(std::memory_order_relaxed) == RecordState::failed;
  if (failed && record.extra->actor != nullptr) actors->call_failed(record.extra->actor->id);
  if (record.extra->has_record) free_later(unpacked(record.extra->record.data()));
  ReferenceList held;
  table.drop_task(record, held);
  references->drop_all(held);
}

void Core::forget(std::uint32_t slot) {
  Record& record = table.at(slot);
  if (record.kind == ownership::RecordKind::actor) actors->handles_gone(slot);
  if (record.form == ownership::ResultForm::stored) {
    free_later(unpacked(record.body.stored.location.data()));
  }
  ReferenceList nested;
  table.recycle(slot, nested);
  references->drop_all(nested);
}

void Core::fail(std::uint32_t slot, internal::ErrorKind kind, std::string message) {
  table.fail(slot, make_error(kind, std::move(message)), effects);
}

std::vector<std::byte> Core::make_error(internal::ErrorKind kind, std::string message) const {
  internal::ErrorRecord record;
  record.kind = kind;
  record.message = std::move(message);
  record.node_id = base::to_hex(welcome.node);
  record.pid = ::getpid();
  return internal::encode_error(record);
}

void Core::ring_later(ipc::ProcessEntry& process) {
  for (const ipc::ProcessEntry* known : bells_) {
    if (known == &process) return;
  }
  bells_.push_back(&process);
}

void Core::run_later(std::function<void()> closure) { continuations_->add(std::move(closure)); }

void Core::leave() {
  if (references->has_released()) references->drain();
  settle();
  if (bells_.empty() && wakes_.empty() && frees_.empty() && !call_background_) {
    mutex.unlock();
  } else {
    leave_with_chores();
  }
  control.flush();
}

void Core::leave_with_chores() {
  auto bells = std::move(bells_);
  auto wakes = std::move(wakes_);
  auto frees = std::move(frees_);
  bells_.clear();
  wakes_.clear();
  frees_.clear();
  const bool call_background = std::exchange(call_background_, false);
  mutex.unlock();
  for (ipc::ProcessEntry* process : bells) ipc::ring(process->bell);
  for (const std::atomic<std::uint32_t>* word : wakes) ipc::futex_wake(*word);
  if (call_background) ipc::call_background(self.bell);
  for (const object_store::Location& location : frees) store->free(location);
}

void Core::handle(std::string_view bytes) {
  const std::uint16_t raw = ipc::type_of(bytes);
  auto on = [&]<class M>(auto&& action) {
    absl::StatusOr<M> message = ipc::decode_typed<M>(bytes);
    if (message.ok()) {
      action(*message);
    } else {
      log.error("message ", raw, " of the raylet: ", message.status().message());
    }
  };
  switch (static_cast<ipc::MessageType>(raw)) {
    case ipc::MessageType::lease_granted:
      return on.operator()<ipc::LeaseGranted>([&](auto& m) { leases->granted(m); });
    case ipc::MessageType::lease_infeasible:
      return on.operator()<ipc::LeaseInfeasible>([&](auto& m) { leases->infeasible(m); });
    case ipc::MessageType::reclaim_idle:
      return on.operator()<ipc::ReclaimIdle>([&](auto& m) { leases->reclaim(m.even_busy); });
    case ipc::MessageType::worker_leased:
      return on.operator()<ipc::WorkerLeased>([&](auto& m) { executor->leased(m); });
    case ipc::MessageType::lease_ended:
      return on.operator()<ipc::LeaseEnded>([&](auto& m) { executor->lease_ended(m); });
    case ipc::MessageType::exit_worker:
      return on.operator()<ipc::ExitWorker>([&](auto& m) { executor->exit_asked(m); });
    case ipc::MessageType::actor_state:
      return on.operator()<ipc::ActorState>([&](auto& m) { actors->state_changed(m); });
    case ipc::MessageType::actor_registered:
      return on.operator()<ipc::ActorRegistered>([&](auto& m) { actors->registered(m); });
    case ipc::MessageType::blocked_at_limit:
      return executor->blocked_at_limit();
    case ipc::MessageType::process_died:
      return on.operator()<ipc::ProcessDied>([&](auto& m) { process_died(m); });
    case ipc::MessageType::channel_opened:
      return on.operator()<ipc::ChannelOpened>([&](auto& m) {
        if (m.purpose == ipc::ChannelPurpose::peer) return peers->channel_opened(m);
        if (m.initiator) return actors->channel_opened(m);
        executor->channel_opened(m);
      });
    case ipc::MessageType::notice:
      return on.operator()<ipc::Notice>([&](auto& m) {
        if (notice) run_later([text = m.text, this] { notice(text); });
      });
    default:
      break;  // answers to calls that were given up
  }
}

void Core::process_died(const ipc::ProcessDied& death) {
  leases->process_died(death.process, death.cause.empty() ? "died" : death.cause);
  settle();
  process_gone(death.process, death.cause.empty() ? "died" : death.cause);
  executor->owner_died(death.process);
}

void Core::process_gone(std::uint64_t process, const std::string& cause) {
  peers->process_died(process);
  settle();
  references->owner_died(process, cause);
  settle();
  table.borrower_died(process, effects);
  settle();
}

}  // namespace ray::core_worker
