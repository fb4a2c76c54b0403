#include "runtime/core_worker/async_calls.h"

#include <ray/object_ref.h>

#include <chrono>
#include <utility>

#include "runtime/core_worker/core.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {

// Puts a coroutine into the queue once a cell is complete.
class AsyncCalls::RefWatcher final : public Watcher {
 public:
  RefWatcher(AsyncCalls& calls, ObjectCell& cell, base::ResumptionQueue::Resumption resumption)
      : calls_(calls), cell_(cell), resumption_(std::move(resumption)) {
    internal::acquire(&cell_);
  }
  ~RefWatcher() { internal::drop(&cell_); }

  void completed() override {
    calls_.queue_.add(std::move(resumption_));
    calls_.core_.leader->wake(calls_.main_);
    calls_.watchers_.erase(this);
    delete this;
  }
  ObjectCell& cell() const { return cell_; }

 private:
  AsyncCalls& calls_;
  ObjectCell& cell_;
  base::ResumptionQueue::Resumption resumption_;
};

class AsyncCalls::Call final : public internal::Resumer {
 public:
  Call(AsyncCalls& calls, std::uint64_t number, std::unique_ptr<CallRun> call_run)
      : run(std::move(call_run)), calls_(calls), number_(number) {
    run->execution.resumer = this;
  }
  ~Call() {
    if (run->execution.suspended) run->execution.suspended.destroy();
  }

  bool when_ready(ObjectCell& cell, std::function<void()> go_on) override {
    calls_.core_.require_usable();
    CoreLock lock(calls_.core_);
    auto* watcher = new RefWatcher(calls_, cell, {number_, std::move(go_on)});
    calls_.watchers_.insert(watcher);  // first: it may be told at once, where the owner is dead
    if (calls_.core_.references->watch(cell, *watcher)) {
      calls_.core_.leader->note_activity();
      return true;
    }
    calls_.watchers_.erase(watcher);
    delete watcher;
    return false;
  }
  void at(std::chrono::steady_clock::time_point time, std::function<void()> go_on) override {
    CoreLock lock(calls_.core_);
    calls_.queue_.add_at(time, {number_, std::move(go_on)});
  }

  const std::unique_ptr<CallRun> run;

 private:
  AsyncCalls& calls_;
  const std::uint64_t number_;
};

AsyncCalls::AsyncCalls(Core& core, ProgressLeader::Follower& main, std::uint32_t calls_max)
    : core_(core), main_(main), calls_max_(calls_max) {}

AsyncCalls::~AsyncCalls() {
  {
    CoreLock lock(core_);
    for (RefWatcher* watcher : watchers_) {
      core_.references->unwatch(watcher->cell(), *watcher);
      delete watcher;
    }
    watchers_.clear();
  }
  calls_.clear();
}

CallRun& AsyncCalls::add(std::unique_ptr<CallRun> run) {
  const std::uint64_t number = ++last_number_;
  run->number = number;
  auto& call = calls_[number];
  call = std::make_unique<Call>(*this, number, std::move(run));
  return *call->run;
}

void AsyncCalls::remove(const CallRun& run) {
  const std::uint64_t number = run.number;  // which goes with the run
  calls_.erase(number);
}

void AsyncCalls::cancel(const internal::ObjectId& id) {
  for (const auto& [number, call] : calls_) {
    if (call->run->execution.id() != id) continue;
    queue_.add({number, [cancelled = call.get()] { cancelled->cancel(); }});
    core_.leader->wake(main_);
  }
}

std::optional<AsyncCalls::Next> AsyncCalls::take_next() {
  while (auto next = queue_.take()) {
    const auto call = calls_.find(next->call);
    if (call != calls_.end()) return Next{call->second->run.get(), std::move(next->go_on)};
  }
  return std::nullopt;
}

std::int64_t AsyncCalls::next_ns() const {
  const auto time = queue_.next_time();
  if (!time) return ProgressLeader::kForever;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time->time_since_epoch()).count();
}

}  // namespace ray::core_worker
