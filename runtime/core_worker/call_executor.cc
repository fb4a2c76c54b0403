#include "runtime/core_worker/call_executor.h"

#include <ray/error.h>
#include <stdio_ext.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"

namespace ray::core_worker {
namespace {

constexpr std::uint64_t kShortTicks = 150'000;  // about 50 us
constexpr std::uint32_t kReplyRoom = 128;       // bytes that must be free before a call is taken

thread_local CallExecutor* running_here = nullptr;

}  // namespace

CallExecutor::CallExecutor(Core& core, Options options)
    : core_(core), options_(std::move(options)), execution_(core) {}

CallExecutor::~CallExecutor() = default;

void CallExecutor::serve(std::uint32_t channel, std::uint64_t owner, std::uint32_t owner_index,
                         bool actor, std::vector<std::int32_t> gpu_ids) {
  ipc::ProcessEntry* entry = core_.fabric.process(owner_index);
  const std::optional<ipc::Channel> rings = core_.fabric.channel(channel);
  if (entry == nullptr || !rings) {
    core_.log.error("the raylet named a channel that is not in the fabric");
    return;
  }
  auto served = std::make_shared<Served>(*rings, *entry);
  served->owner = owner;
  served->channel = channel;
  served->actor = actor;
  served->gpu_ids = std::move(gpu_ids);
  served_.push_back(std::move(served));
  ++core_.poll_generation;
}

void CallExecutor::leased(const ipc::WorkerLeased& lease) {
  serve(lease.channel, lease.owner, lease.owner_index, lease.actor, lease.gpu_ids);
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
    served->ended = true;
    if (served != current_) leave(ServedPtr(served));
    return;
  }
}

void CallExecutor::owner_died(std::uint64_t process) {
  const std::vector<ServedPtr> all = served_;
  for (const ServedPtr& served : all) {
    if (served->owner != process) continue;
    served->ended = true;
    if (served != current_) leave(served);
  }
}

bool CallExecutor::is_needed() const {
  return core_.table.borrowed_records() != 0 || core_.leases->has_work() || instance_ != nullptr ||
         current_ != nullptr;
}

void CallExecutor::exit_asked(const ipc::ExitWorker& exit) {
  if (exit.if_unneeded && is_needed()) {
    core_.control.queue(ipc::ExitDeclined{});
    return;
  }
  exiting_ = true;
  core_.leader->wake_executor();
}

bool CallExecutor::readable() const {
  if (!is_idle()) return false;
  for (const ServedPtr& served : served_) {
    if (PollSet::is_readable(*served->rings.requests.control, true)) return true;
  }
  return false;
}

void CallExecutor::add_rings(PollSet& rings) const {
  for (const ServedPtr& served : served_) rings.add_requests(served->rings.requests);
}

bool CallExecutor::take_call() {
  for (std::size_t i = 0; i < served_.size(); ++i) {
    const ServedPtr& served = served_[(next_ + i) % served_.size()];
    if (served->ended || !served->replies.has_room(kReplyRoom)) continue;
    ipc::Record record;
    if (served->requests.take(record) != ipc::TakeResult::record) continue;
    next_ = (next_ + i + 1) % served_.size();
    current_ = served;
    const ipc::RecordHeader name{.tag = record.tag, .sequence = record.sequence};
    sound_ = execution_.parse(name, served->owner, record.payload);
    auto& function = functions_[execution_.function_key()];
    if (function == nullptr) function = std::make_unique<Function>();
    function_ = function.get();
    if (!sound_) execution_.fail(internal::ErrorKind::error, "a call that makes no sense");
    return true;
  }
  return false;
}

void CallExecutor::run() {
  ProgressLeader::Follower me;
  CoreLock lock(core_);
  while (!exiting_ && !core_.is_down()) {
    if (take_call()) {
      lock.unlock();
      run_call();
      lock.lock();
      reply(lock);
      continue;
    }
    if (!unrung_.empty()) {
      lock.unlock();
      ring_unrung(true);
      lock.lock();
      continue;
    }
    set_idle(true);
    std::int64_t until = ProgressLeader::kForever;
    for (const ServedPtr& served : served_) {
      // A ring of replies that is full: nobody rings when there is room again.
      if (!served->replies.has_room(kReplyRoom)) until = base::monotonic_ns() + 1'000'000;
    }
    if (until == ProgressLeader::kForever) {
      core_.leader->wait(lock, {.follower = &me, .serves_calls = true},
                         [&] { return exiting_ || readable(); });
    } else {
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      lock.lock();
      core_.progress();
    }
    set_idle(false);
  }
  lock.unlock();
  ring_unrung(true);
  if (instance_ != nullptr) destroy_(std::exchange(instance_, nullptr));
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

void CallExecutor::run_call() {
  ring_unrung(function_->ticks == 0 || function_->ticks > kShortTicks);
  const std::uint64_t begin = base::ticks();
  if (sound_ && !execution_.has_failed()) dispatch();
  execution_.seal();
  ticks_ = base::ticks() - begin;
  function_->ticks = function_->ticks == 0 ? ticks_ + 1 : (function_->ticks * 7 + ticks_ + 7) / 8;
}

void CallExecutor::dispatch() {
  if (function_->record == nullptr) {
    function_->record = options_.find_function(execution_.function_key());
  }
  if (function_->record == nullptr) {
    execution_.fail(internal::ErrorKind::error,
                    "this worker's program does not have the function that was called");
    return;
  }
  const internal::FunctionRecord& record = *function_->record;
  const bool is_method = record.kind == internal::FunctionRecord::Kind::method;
  if (is_method && instance_ == nullptr) {
    execution_.fail(internal::ErrorKind::actor_died, "the actor is not in this worker");
    return;
  }
  if (!execution_.prepare()) return;
  if (options_.marks_output) mark_output(record.name);
  execution_.instance = is_method ? instance_ : nullptr;
  running_here = this;
  record.dispatch(execution_);
  running_here = nullptr;
  if (__fpending(stdout) != 0) std::fflush(stdout);
  if (execution_.made_object() != nullptr && !execution_.has_failed()) {
    instance_ = execution_.made_object();
    actor_ = execution_.actor();
    destroy_ = execution_.destroy_object();
  }
  if (exit_actor_) {
    execution_.fail(internal::ErrorKind::actor_died, "the actor ended itself by exit_actor()");
  }
}

// The driver prefixes lines of output with the function that wrote them.
void CallExecutor::mark_output(const char* name) {
  if (marked_ == name) return;
  marked_ = name;
  std::fflush(stdout);
  std::fflush(stderr);
  const std::string line = "\x01ray:task " + marked_ + "\n";
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    // Where the output cannot be written, neither can its mark.
    if (::write(fd, line.data(), line.size()) < 0) continue;
  }
}

bool CallExecutor::send(CoreLock& lock, RecordKind kind, std::span<const std::byte> payload) {
  const internal::ObjectId task = execution_.id();
  while (!current_->replies.write(static_cast<std::uint8_t>(kind), task.slot, task.sequence,
                                  payload)) {
    lock.unlock();
    ipc::ring(current_->entry.bell);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    lock.lock();
    if (current_->ended || core_.is_down()) return false;
  }
  current_->replies.publish();
  return true;
}

void CallExecutor::reply(CoreLock& lock) {
  const RecordKind kind = execution_.write_reply(payload_, ticks_);
  if (!current_->ended && send(lock, kind, payload_) && !std::exchange(current_->unrung, true)) {
    unrung_.push_back(current_);
  }
  execution_.finish();
  current_->requests.release();
  if (current_->ended) leave(current_);
  if (exit_actor_) {
    core_.control.queue(ipc::KillActor{wire_id(actor_), true});
    exiting_ = true;
  }
  current_.reset();
}

BlockingTask* CallExecutor::blocking_task() { return running_here == this ? this : nullptr; }

void CallExecutor::tell_owners(RecordKind kind) {
  for (const ServedPtr& served : served_) {
    if (served->actor || served->ended) continue;
    // Where there is no room the owner finds out by this worker's silence.
    if (!served->replies.write(static_cast<std::uint8_t>(kind), 0, 0, {})) continue;
    served->replies.publish();
    core_.ring_later(served->entry);
  }
}

void CallExecutor::block() {
  tell_owners(RecordKind::blocked);
  core_.control.queue(ipc::Blocked{});
}

void CallExecutor::unblock() {
  tell_owners(RecordKind::unblocked);
  core_.control.queue(ipc::Unblocked{});
}

void CallExecutor::exit_actor() {
  if (running_here != this || instance_ == nullptr) {
    internal::throw_error(internal::ErrorKind::error, "exit_actor() was called outside an actor");
  }
  exit_actor_ = true;
  throw internal::ExitActor();
}

CallExecutor::Running CallExecutor::running() const {
  if (running_here != this) return {};
  return {execution_.id(), instance_ != nullptr ? actor_ : internal::ObjectId{}, current_->gpu_ids};
}

}  // namespace ray::core_worker
