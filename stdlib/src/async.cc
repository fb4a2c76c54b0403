#include <ray/async.h>

#include <algorithm>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace ray::inline v1 {

void Condition::notify_all() {
  for (internal::AwaitCondition* waiting : std::exchange(waiting_, {})) {
    waiting->resumer.at(std::chrono::steady_clock::time_point::min(),
                        std::exchange(waiting->go_on, nullptr));
  }
}

namespace internal {
namespace {

using Clock = std::chrono::steady_clock;

// Resumes on a thread that has nothing else to do. It waits in the engine, not on a lock of its
// own: only so does the engine know that this thread's call waits, and for what.
class ThreadResumer final : public Resumer {
 public:
  bool when_ready(ObjectCell& cell, std::function<void()> go_on) override {
    acquire(&cell);
    awaited_.push_back({CellPointer(&cell), std::move(go_on)});
    return true;
  }
  void at(Clock::time_point time, std::function<void()> go_on) override {
    timers_.emplace(time, std::move(go_on));
  }

  // Waits until something can go on, and lets it.
  void step() {
    if (awaited_.empty() && timers_.empty()) {
      throw_error(ErrorKind::error,
                  "the task awaits a ray::Condition that nobody is left to notify");
    }
    const Deadline until = timers_.empty() ? Deadline() : Deadline(timers_.begin()->first);
    std::vector<std::function<void()>> resumed = wait_until(until);
    while (!timers_.empty() && timers_.begin()->first <= Clock::now()) {
      resumed.push_back(std::move(timers_.extract(timers_.begin()).mapped()));
    }
    for (const auto& go_on : resumed) go_on();
  }

 private:
  struct Awaited {
    CellPointer cell;
    std::function<void()> go_on;
  };

  std::vector<std::function<void()>> wait_until(const Deadline& until) {
    std::vector<ObjectCell*> cells;
    for (const Awaited& awaited : awaited_) cells.push_back(awaited.cell.get());
    auto ready = std::make_unique<bool[]>(cells.size());
    engine().wait(cells, 1, until, true, {ready.get(), cells.size()});
    std::vector<std::function<void()>> resumed;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (ready[i]) resumed.push_back(std::move(awaited_[i].go_on));
    }
    std::erase_if(awaited_, [](const Awaited& awaited) { return awaited.go_on == nullptr; });
    return resumed;
  }

  std::vector<Awaited> awaited_;
  std::multimap<Clock::time_point, std::function<void()>> timers_;
};

}  // namespace

void run_here(std::coroutine_handle<> task, TaskPromiseBase& promise) {
  ThreadResumer resumer;
  promise.begin(resumer, std::noop_coroutine());
  task.resume();
  while (!task.done()) resumer.step();
}

void run_body(Task<void> body, Execution& execution) {
  if (execution.resumer == nullptr) return get(std::move(body));
  const std::coroutine_handle<> coroutine = body.begin(*execution.resumer, std::noop_coroutine());
  coroutine.resume();
  if (coroutine.done()) return;
  body.coroutine_ = nullptr;
  execution.suspended = coroutine;
}

std::function<void()> Resumer::suspend(std::coroutine_handle<> coroutine) {
  waiting_ = coroutine;
  return [this, wait = ++waits_] {
    if (wait == waits_ && waiting_ != nullptr) std::exchange(waiting_, nullptr).resume();
  };
}

void Resumer::cancel() {
  if (waiting_ == nullptr) return;
  cancelled_ = was_cancelled_ = true;
  std::exchange(waiting_, nullptr).resume();
}

void Resumer::throw_if_cancelled() {
  if (std::exchange(cancelled_, false)) {
    throw_error(ErrorKind::task_cancelled, "the task was cancelled");
  }
}

void AwaitCondition::await_suspend(std::coroutine_handle<> task) {
  go_on = resumer.suspend(task);
  condition.waiting_.push_back(this);
}

AwaitCondition::~AwaitCondition() {
  if (go_on != nullptr) std::erase(condition.waiting_, this);
}

Sleep sleep_for_seconds(double seconds) {
  constexpr double kForEver = 1e9;  // 31 years; the clock's own range is near
  return {Clock::now() + std::chrono::duration_cast<Clock::duration>(
                             std::chrono::duration<double>(std::clamp(seconds, 0.0, kForEver)))};
}

}  // namespace internal
}  // namespace ray::inline v1
