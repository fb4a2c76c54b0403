#include "runtime/core_worker/call_executor.h"

#include <ray/error.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"

namespace ray::core_worker {
namespace {

constexpr std::uint64_t kShortTicks = 150'000;  // about 50 us

}  // namespace

CallExecutor::CallExecutor(Core& core, CallRunner::Options options)
    : core_(core),
      runner_(core, std::move(options)),
      in_place_(core, runner_),
      items_(core),
      run_(std::make_unique<CallRun>(core)) {}

CallExecutor::~CallExecutor() = default;

void CallExecutor::serve(std::uint32_t channel, std::uint64_t owner, std::uint32_t owner_index,
                         bool actor, const ipc::WorkerLeased& lease) {
  ipc::ProcessEntry* entry = core_.fabric.process(owner_index);
  const std::optional<ipc::Channel> rings = core_.fabric.channel(channel);
  if (entry == nullptr || !rings) {
    core_.log.error("the raylet named a channel that is not in the fabric");
    return;
  }
  auto served = std::make_shared<ServedChannel>(*rings, *entry);
  served->owner = owner;
  served->channel = channel;
  served->actor = actor;
  served->resources = lease.resources;
  served->gpu_ids = lease.gpu_ids;
  served_.push_back(std::move(served));
  ++core_.poll_generation;
}

void CallExecutor::leased(const ipc::WorkerLeased& lease) {
  serve(lease.channel, lease.owner, lease.owner_index, lease.actor, lease);
}

void CallExecutor::channel_opened(const ipc::ChannelOpened& opened) {
  if (opened.error.empty()) serve(opened.channel, opened.peer, opened.peer_index, true, {});
}

// Only now does nothing of this process touch the channel any more.
void CallExecutor::leave(const ServedPtr& served) {
  core_.control.queue(ipc::CloseChannel{served->channel});
  std::erase(served_, served);
  ++core_.poll_generation;
}

void CallExecutor::lease_ended(const ipc::LeaseEnded& end) {
  for (const ServedPtr& served : served_) {
    if (served->channel != end.channel || served->ended) continue;
    return end_channel(ServedPtr(served));
  }
}

void CallExecutor::owner_died(std::uint64_t process) {
  const std::vector<ServedPtr> all = served_;
  for (const ServedPtr& served : all) {
    if (served->owner == process) end_channel(served);
  }
}

bool CallExecutor::is_needed() const {
  // In this order: while a constructor runs, its runner is not to be asked.
  return running_ != 0 || runner_.has_actor() || has_unsent_ ||
         core_.table.borrowed_records() != 0 || core_.leases->has_work();
}

void CallExecutor::exit_asked(const ipc::ExitWorker& exit) {
  if (exit.if_unneeded && is_needed()) {
    core_.control.queue(ipc::ExitDeclined{});
    return;
  }
  exiting_ = true;
  core_.leader->wake_executor();
  core_.leader->wake_all();  // generators too that nobody takes from
}

bool CallExecutor::has_calls() const {
  for (const ServedPtr& served : served_) {
    if (!served->ended && PollSet::is_readable(*served->rings.requests.control, true)) return true;
  }
  return false;
}

void CallExecutor::add_rings(PollSet& rings) const {
  for (const ServedPtr& served : served_) {
    if (!served->ended) rings.add_requests(served->rings.requests);
  }
}

void CallExecutor::end_channel(const ServedPtr& served) {
  served->ended = true;
  ++core_.poll_generation;
  core_.leader->wake_all();  // nobody takes from its generators
  if (served->in_use == 0) leave(served);
}

bool CallExecutor::flush() {
  if (!has_unsent_) return false;
  has_unsent_ = false;
  bool any = false;
  for (const ServedPtr& served : served_) {
    if (served->has_unsent() && served->flush()) {
      core_.ring_later(served->entry);
      any = true;
    }
    has_unsent_ |= served->has_unsent();
  }
  return any;
}

bool CallExecutor::take_call(CallRun& run) {
  for (std::size_t i = 0; i < served_.size(); ++i) {
    const ServedPtr& served = served_[(next_ + i) % served_.size()];
    // What runs does not wait for room: what comes next may be what it waits for.
    if (served->ended || (!takes_ahead() && !served->has_room())) continue;
    ipc::Record record;
    if (served->requests.take(record) != ipc::TakeResult::record) continue;
    next_ = (next_ + i + 1) % served_.size();
    run.served = served;
    ++served->in_use;
    std::span<const std::byte> payload = record.payload;
    if (takes_ahead()) {
      run.request.assign(payload.begin(), payload.end());
      payload = run.request;
      served->requests.release();
    }
    runner_.begin(run, {.kind = record.kind, .tag = record.tag, .sequence = record.sequence},
                  served->owner, payload);
    return true;
  }
  return false;
}

void CallExecutor::run() {
  CoreLock lock(core_);
  while (!exiting_ && !core_.is_down()) {
    const bool resumed = async_ != nullptr && resume_async(lock);
    if (takes_calls() && take_call(*run_)) {
      async_ != nullptr     ? begin_async(lock)
      : threads_ != nullptr ? hand_over(lock)
                            : run_here(lock);
    } else if (resumed) {
      continue;
    } else if (!unrung_.empty()) {
      lock.unlock();
      ring_unrung(true);
      lock.lock();
    } else {
      wait_for_calls(lock);
    }
  }
  lock.unlock();
  ring_unrung(true);
  threads_.reset();
  async_.reset();
  runner_.destroy_actor();
}

void CallExecutor::run_here(CoreLock& lock) {
  CallRun& run = *run_;
  const ServedPtr& served = run.served;
  ++running_;
  lock.unlock();
  const std::uint64_t ticks = run.function->ticks.load(std::memory_order_relaxed);
  ring_unrung(ticks == 0 || ticks > kShortTicks);
  runner_.run(run);
  lock.lock();
  if (run.execution.made_object() != nullptr) start_concurrency(lock);
  send_reply(lock, run);
  if (!std::exchange(served->unrung, true)) unrung_.push_back(served);
  served->requests.release();
  end(run);
}

void CallExecutor::wait_for_calls(CoreLock& lock) {
  // A worker whose calls are all suspended is one that waits in get, if it has something to lend.
  const bool suspends = async_ != nullptr && !async_->empty();
  if (suspends) ++running_;
  set_idle(takes_calls());
  const bool lacks_room =
      !takes_ahead() && std::any_of(served_.begin(), served_.end(),
                                    [](const ServedPtr& s) { return !s->ended && !s->has_room(); });
  if (lacks_room) {  // nobody rings when there is room again
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    lock.lock();
    core_.progress();
  } else {
    const ProgressLeader::Wait wait{
        .follower = &me_,
        .deadline_ns = async_ == nullptr ? ProgressLeader::kForever : async_->next_ns(),
        .serves_calls = takes_calls(),
        .task = suspends && has_cpu_ ? this : nullptr};
    core_.leader->wait(lock, wait, [&] {
      return exiting_ || (takes_calls() && has_calls()) || (suspends && async_->has_next());
    });
  }
  set_idle(false);
  if (suspends) stopped_running();
}

// Without the lock. Bells cost a system call where the owner sleeps.
void CallExecutor::ring_unrung(bool all) {
  std::erase_if(unrung_, [&](const ServedPtr& served) {
    if (all) {
      ipc::ring(served->entry.bell);
    } else if (!ipc::ring_if_wanted(served->entry.bell, served->replies)) {
      return false;
    }
    served->unrung = false;
    return true;
  });
}

void CallExecutor::send_reply(CoreLock& lock, CallRun& run) {
  const auto send_it = [&] {
    const RecordKind kind = run.execution.write_reply(run.reply, run.ticks);
    return send(lock, run, kind, RecordKind::stored_results);
  };
  if (!send_it()) send_it();  // why it failed
}

bool CallExecutor::send(CoreLock& lock, CallRun& run, RecordKind kind, RecordKind stored) {
  ServedChannel& served = *run.served;
  if (run.reply.size() > served.payload_bytes_max()) {
    lock.unlock();
    const bool is_stored = run.execution.store_reply(run.reply);
    lock.lock();
    if (!is_stored) return false;
    kind = stored;
  }
  if (served.ended || core_.is_down()) return true;
  const internal::ObjectId task = run.execution.id();
  served.send(kind, task.slot, task.sequence, run.reply);
  if (!served.has_unsent()) return true;
  has_unsent_ = true;
  core_.leader->note_activity();  // nobody rings when there is room again
  return true;
}

bool CallExecutor::yield() { return items_.send(*runner_.current()); }

void CallExecutor::end(CallRun& run) {
  items_.end(run);
  run.execution.finish();
  const ServedPtr served = std::move(run.served);
  if (--served->in_use == 0 && served->ended) leave(served);
  if (run.exits_actor) {
    core_.control.queue(ipc::ActorEnded{wire_id(runner_.actor()), "it called exit_actor()"});
    exiting_ = true;
    core_.leader->wake_executor();
  }
  stopped_running();
}

void CallExecutor::stopped_running() {
  if (--running_ == 0) at_limit_ = false;
  tell_blocked();
}

BlockingTask* CallExecutor::blocking_task() {
  return runner_.current() == nullptr ? nullptr : this;
}

void CallExecutor::tell_owners(RecordKind kind) {
  for (const ServedPtr& served : served_) {
    if (served->actor || served->ended || served->has_unsent()) continue;
    // Where there is no room the owner finds out by this worker's silence.
    if (!served->replies.write(static_cast<std::uint8_t>(kind), 0, 0, {})) continue;
    served->replies.publish();
    core_.ring_later(served->entry);
  }
}

// A worker is blocked while all that it runs waits.
void CallExecutor::tell_blocked() {
  const bool blocked = running_ != 0 && blocked_.size() == running_;
  if (blocked == told_blocked_) return;
  told_blocked_ = blocked;
  tell_owners(blocked ? RecordKind::blocked : RecordKind::unblocked);
  if (blocked) {
    core_.control.queue(ipc::Blocked{});
  } else {
    core_.control.queue(ipc::Unblocked{});
  }
}

void CallExecutor::block(ProgressLeader::Follower& follower) {
  blocked_.push_back(&follower);
  tell_blocked();
}

void CallExecutor::unblock(ProgressLeader::Follower& follower) {
  std::erase(blocked_, &follower);
  tell_blocked();
}

void CallExecutor::blocked_at_limit() {
  if (running_ == 0) return;
  at_limit_ = true;
  for (ProgressLeader::Follower* follower : blocked_) core_.leader->wake(*follower);
}

std::uint32_t CallExecutor::find_in_place(internal::Cells awaited) {
  return at_limit_ ? in_place_.find(*runner_.current(), awaited) : Record::kNone;
}

void CallExecutor::run_in_place(CoreLock& lock, std::uint32_t slot) {
  in_place_.run(lock, *runner_.current(), slot);
}

void CallExecutor::exit_actor() {
  CallRun* run = runner_.current();
  if (run == nullptr || !runner_.has_actor()) {
    internal::throw_error(internal::ErrorKind::error, "exit_actor() was called outside an actor");
  }
  run->exits_actor = true;
  throw internal::ExitActor();
}

CallExecutor::Running CallExecutor::running() const {
  const CallRun* run = runner_.current();
  if (run == nullptr) return {};
  return {run->execution.id(), runner_.actor(), runner_.actor_was_restarted(), runner_.gpu_names()};
}

}  // namespace ray::core_worker
