#include "runtime/local_engine/local_call.h"

#include <ray/error.h>

#include <cstring>
#include <utility>

namespace ray::local_engine {
namespace {

thread_local const LocalCall* running_call = nullptr;
thread_local bool exit_requested = false;

}  // namespace

class LocalExecution final : public internal::Execution {
 public:
  LocalExecution(const LocalCall& call, void* object) : call_(call) {
    arguments = call.arguments->view();
    nested = call.arguments->nested();
    instance = object;
    outcome_.results.resize(call.returns.size());
  }

  internal::Value dependency(std::size_t index) override {
    if (index >= call_.dependencies.size()) {
      internal::throw_error(internal::ErrorKind::error, "a call has fewer refs than its arguments");
    }
    const auto& object = static_cast<const LocalObject&>(*call_.dependencies[index]);
    return {.bytes = object.data->view(),
            .nested = object.data->nested(),
            .is_error = false,
            .pin = object.data};
  }

  std::byte* result(std::size_t index, std::size_t bytes, Cells cells) override {
    outcome_.results.at(index) = std::make_shared<LocalData>(bytes, cells, false);
    return outcome_.results[index]->bytes();
  }

  bool yield() override { return call_.deliver(yielded_++, std::move(outcome_.results.at(0))); }

  void fail(std::span<const std::byte> error) override { fail(LocalData::error(error)); }
  void fail(DataPointer error) { outcome_.error = std::move(error); }

  void construct(void* object, void (*destroy)(void*)) override {
    outcome_.object = object;
    outcome_.destroy = destroy;
  }

  const DataPointer& error() const { return outcome_.error; }
  Outcome take() { return std::move(outcome_); }

 private:
  const LocalCall& call_;
  Outcome outcome_;
  std::uint64_t yielded_ = 0;
};

DataPointer failed_dependency(const LocalCall& call) {
  for (const CellPointer& dependency : call.dependencies) {
    const DataPointer& data = static_cast<const LocalObject&>(*dependency).data;
    if (data->is_error()) return data;
  }
  return nullptr;
}

LocalRun::LocalRun(const LocalCall& call, void* instance, internal::Resumer* resumer)
    : call_(call),
      instance_(instance),
      resumer_(resumer),
      retries_left_(call.actor.get() != nullptr
                        ? call.options.max_task_retries.value_or(0)
                        : call.options.max_retries.value_or(internal::kMaxRetriesDefault)) {}

LocalRun::~LocalRun() {
  if (execution_ != nullptr && execution_->suspended) execution_->suspended.destroy();
}

void LocalRun::attempt() {
  execution_ = std::make_unique<LocalExecution>(call_, instance_);
  execution_->resumer = resumer_;
  const LocalCall* outer = std::exchange(running_call, &call_);
  call_.function->dispatch(*execution_);
  running_call = outer;
}

bool LocalRun::has_ended() {
  while (execution_->suspended == nullptr) {
    const DataPointer& error = execution_->error();
    if (error == nullptr || exit_requested || retries_left_ == 0) return true;
    if (!call_.options.retry_exceptions) return true;
    const internal::ErrorRecord record = internal::decode_error(error->view());
    if (record.kind != internal::ErrorKind::task ||
        !internal::retry_matches(*call_.options.retry_exceptions, record)) {
      return true;
    }
    if (retries_left_ > 0) --retries_left_;
    attempt();
  }
  return false;
}

bool LocalRun::begin() {
  if (DataPointer error = failed_dependency(call_)) {
    execution_ = std::make_unique<LocalExecution>(call_, instance_);
    execution_->fail(std::move(error));
    return true;
  }
  attempt();
  return has_ended();
}

bool LocalRun::resume(const std::function<void()>& go_on) {
  const LocalCall* outer = std::exchange(running_call, &call_);
  go_on();
  running_call = outer;
  if (!execution_->suspended.done()) return false;
  std::exchange(execution_->suspended, nullptr).destroy();
  return has_ended();
}

Outcome LocalRun::take() { return execution_->take(); }

Outcome run_call(const LocalCall& call, void* instance) {
  LocalRun run(call, instance, nullptr);
  run.begin();
  return run.take();
}

const LocalCall* current_call() { return running_call; }

bool take_exit_request() { return std::exchange(exit_requested, false); }

void request_exit() {
  if (running_call == nullptr || running_call->actor.get() == nullptr) {
    internal::throw_error(internal::ErrorKind::error, "exit_actor() was called outside an actor");
  }
  exit_requested = true;
  throw internal::ExitActor();
}

}  // namespace ray::local_engine
