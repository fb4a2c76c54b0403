#include "runtime/core_worker/call_runner.h"

#include <ray/error.h>
#include <stdio_ext.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/core_worker/core.h"

namespace ray::core_worker {
namespace {

thread_local CallRun* running_here = nullptr;

}  // namespace

CallRun* CallRunner::current() const {
  return running_here != nullptr && running_here->runner == this ? running_here : nullptr;
}

void CallRunner::begin(CallRun& run, const ipc::RecordHeader& name, std::uint64_t owner,
                       std::span<const std::byte> payload) {
  run.runner = this;
  run.exits_actor = false;
  const bool sound = run.execution.parse(name, owner, payload);
  const std::uint64_t key = run.execution.function_key();
  auto& function = functions_[key];
  if (function == nullptr) {
    function = std::make_unique<ServedFunction>();
    function->record = options_.find_function(key);
    internal::CallOptions annotated;
    if (function->record != nullptr && function->record->options != nullptr) {
      function->record->options(annotated);
    }
    function->group = annotated.concurrency_group.value_or("");
    function->item_window = item_window(annotated);
  }
  run.function = function.get();
  if (!sound) run.execution.fail(internal::ErrorKind::error, "a call that makes no sense");
}

void CallRunner::run(CallRun& run) {
  const std::uint64_t begin = base::ticks();
  if (!run.execution.has_failed()) dispatch(run);
  run.ticks = base::ticks() - begin;
  if (run.execution.suspended == nullptr) end_body(run);
}

void CallRunner::resume(CallRun& run, const std::function<void()>& go_on) {
  const std::uint64_t begin = base::ticks();
  enter(run);
  go_on();
  leave(run);
  run.ticks += base::ticks() - begin;
  if (!run.execution.suspended.done()) return;
  std::exchange(run.execution.suspended, nullptr).destroy();
  end_body(run);
}

void CallRunner::end_body(CallRun& run) {
  if (run.exits_actor) {
    run.execution.fail(internal::ErrorKind::actor_died, "the actor ended itself by exit_actor()");
  }
  run.execution.seal();
  const std::uint64_t before = run.function->ticks.load(std::memory_order_relaxed);
  run.function->ticks.store(before == 0 ? run.ticks + 1 : (before * 7 + run.ticks + 7) / 8,
                            std::memory_order_relaxed);
}

void CallRunner::enter(CallRun& run) {
  if (options_.marks_output) mark_output(run.function->record->name);
  run.outer = std::exchange(running_here, &run);
}

void CallRunner::leave(CallRun& run) {
  core_.end_forked_child();
  running_here = run.outer;
  if (__fpending(stdout) != 0) std::fflush(stdout);
  if (options_.marks_output && run.outer != nullptr) mark_output(run.outer->function->record->name);
}

void CallRunner::dispatch(CallRun& run) {
  CallExecution& execution = run.execution;
  if (run.function->record == nullptr) {
    return execution.fail(internal::ErrorKind::error,
                          "this worker's program does not have the function that was called");
  }
  const internal::FunctionRecord& record = *run.function->record;
  const bool is_method = record.kind == internal::FunctionRecord::Kind::method;
  const bool is_constructor = record.kind == internal::FunctionRecord::Kind::constructor;
  if (is_method && instance_ == nullptr) {
    return execution.fail(internal::ErrorKind::actor_died, "the actor is not in this worker");
  }
  if (!execution.prepare()) return;
  if (!is_method && run.served->gpu_ids != gpu_ids_) show_gpus(run.served->gpu_ids);
  execution.instance = is_method ? instance_ : nullptr;
  enter(run);
  if (is_constructor) {
    was_restarted_ = execution.actor_head().restarts != 0;
    actor_ = execution.actor();
  }
  record.dispatch(execution);
  leave(run);
  if (execution.made_object() != nullptr && !execution.has_failed()) {
    instance_ = execution.made_object();
    destroy_ = execution.destroy_object();
  } else if (is_constructor) {
    actor_ = {};
  }
}

void CallRunner::show_gpus(const std::vector<std::int32_t>& ids) {
  gpu_ids_ = ids;
  gpu_names_.clear();
  if (options_.show_gpus) {
    gpu_names_ = options_.show_gpus(ids);
  } else {
    for (const std::int32_t id : ids) gpu_names_.push_back(std::to_string(id));
  }
}

void CallRunner::destroy_actor() {
  if (instance_ != nullptr) destroy_(std::exchange(instance_, nullptr));
}

// The driver prefixes lines of output with the function that wrote them.
void CallRunner::mark_output(const char* name) {
  std::lock_guard lock(output_mutex_);
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

}  // namespace ray::core_worker
