// LocalCall is one call in the local engine, from its submission to its result.
//
// Threading: `demand` and `state` are protected by the engine's mutex, `missing` is atomic, the
// rest is constant once the call is submitted.
#pragma once

#include <ray/cluster.h>
#include <ray/internal/engine.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/local_engine/local_object.h"

namespace ray::local_engine {

class LocalActor;

// Amounts of resources, in steps of 0.0001.
using Amounts = std::map<std::string, std::int64_t>;

struct LocalCall {
  enum class State : std::uint8_t { waiting, ready, running, done };

  internal::FunctionRecord* function = nullptr;
  internal::CallOptions options;
  DataPointer arguments;
  std::vector<CellPointer> dependencies;
  std::vector<CellPointer> returns;
  CellPointer actor;                 // of a method: keeps it alive
  std::weak_ptr<LocalActor> runner;  // of a method or constructor
  std::uint64_t id = 0;
  // Of a generator: hands over item `index`, once, and waits for room; false: stop.
  std::function<bool(std::uint64_t index, DataPointer item)> deliver;

  // What it holds while it runs; nothing where it will fail with a dependency's error.
  Amounts demand;
  std::atomic<std::size_t> missing{1};  // dependencies not complete, and one while being submitted
  State state = State::waiting;
};
using CallPointer = std::shared_ptr<LocalCall>;

// What a call came to: one value for each return, or one error.
struct Outcome {
  std::vector<DataPointer> results = {};
  DataPointer error = {};  // null: it succeeded
  void* object = nullptr;
  void (*destroy)(void*) = nullptr;
};

// The error of a complete dependency that failed, or null.
DataPointer failed_dependency(const LocalCall& call);

class LocalExecution;

// LocalRun runs a call whose dependencies are complete, with its retries. It fails with a failed
// dependency's error.
//
// Threading: one thread. Ownership: of a body that is suspended, which ends with it.
class LocalRun {
 public:
  // `instance` is a method's object. Without a resumer nothing is suspended.
  LocalRun(const LocalCall& call, void* instance, internal::Resumer* resumer);
  ~LocalRun();
  LocalRun(const LocalRun&) = delete;
  LocalRun& operator=(const LocalRun&) = delete;

  // Each is true once the call has ended.
  bool begin();
  bool resume(const std::function<void()>& go_on);
  Outcome take();

 private:
  void attempt();
  bool has_ended();  // or begins again

  const LocalCall& call_;
  void* const instance_;
  internal::Resumer* const resumer_;
  int retries_left_;
  std::unique_ptr<LocalExecution> execution_;
};

Outcome run_call(const LocalCall& call, void* instance);

// The call that runs on this thread, or null.
const LocalCall* current_call();

// Whether ray::exit_actor() ended the call that ran last on this thread; asking resets it.
bool take_exit_request();
[[noreturn]] void request_exit();

}  // namespace ray::local_engine
