#include "runtime/local_engine/local_call.h"

#include <ray/error.h>

#include <cstring>
#include <utility>

namespace ray::local_engine {
namespace {

thread_local const LocalCall* running_call = nullptr;
thread_local bool exit_requested = false;

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

  void fail(std::span<const std::byte> error) override { outcome_.error = LocalData::error(error); }

  void construct(void* object, void (*destroy)(void*)) override {
    outcome_.object = object;
    outcome_.destroy = destroy;
  }

  Outcome take() { return std::move(outcome_); }

 private:
  const LocalCall& call_;
  Outcome outcome_;
  std::uint64_t yielded_ = 0;
};

}  // namespace

DataPointer failed_dependency(const LocalCall& call) {
  for (const CellPointer& dependency : call.dependencies) {
    const DataPointer& data = static_cast<const LocalObject&>(*dependency).data;
    if (data->is_error()) return data;
  }
  return nullptr;
}

Outcome run_call(const LocalCall& call, void* instance) {
  if (DataPointer error = failed_dependency(call)) return {.error = error};
  const int retries = call.actor.get() != nullptr
                          ? call.options.max_task_retries.value_or(0)
                          : call.options.max_retries.value_or(internal::kMaxRetriesDefault);
  const LocalCall* outer = std::exchange(running_call, &call);
  for (int attempt = 0;; ++attempt) {
    LocalExecution execution(call, instance);
    call.function->dispatch(execution);
    Outcome outcome = execution.take();
    bool again = outcome.error != nullptr && !exit_requested &&
                 (retries < 0 || attempt < retries) && call.options.retry_exceptions &&
                 internal::retry_matches(*call.options.retry_exceptions,
                                         internal::decode_error(outcome.error->view()));
    if (!again) {
      running_call = outer;
      return outcome;
    }
  }
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
