// CallRunner runs calls: it finds a call's dispatcher, gives it the actor's object, and keeps that
// object. CallRun is one such call, from its record to its reply.
//
// Threading: run() and resume() on any thread, without the engine's lock, one call each; everything
// else under the lock.
#pragma once

#include <ray/internal/engine.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/core_worker/call_execution.h"
#include "runtime/core_worker/served_channel.h"

namespace ray::core_worker {

class CallRunner;
class Core;

// A function of this program as a worker knows it.
struct ServedFunction {
  internal::FunctionRecord* record = nullptr;  // null: the program does not have it
  std::string group;                           // its annotation's concurrency group
  std::uint64_t item_window = 0;               // of a generator, by its annotation
  std::atomic<std::uint64_t> ticks{0};         // of a call, on average
};

struct CallRun {
  explicit CallRun(Core& core) : execution(core) {}

  // The concurrency group that the caller or the annotation names.
  const std::string& group() const {
    return execution.group().empty() ? function->group : execution.group();
  }

  CallExecution execution;
  std::shared_ptr<ServedChannel> served;  // where it came from; in place: of the call around it
  CallRun* outer = nullptr;               // it runs in place of that one's wait
  int depth = 0;                          // of calls in place
  std::uint64_t number = 0;               // among those of an async actor
  ServedFunction* function = nullptr;
  bool exits_actor = false;
  std::uint64_t ticks = 0;         // that it took
  std::vector<std::byte> request;  // its record, where that is not read in the ring
  std::vector<std::byte> reply;    // kept for its memory
  const CallRunner* runner = nullptr;
};

class CallRunner {
 public:
  struct Options {
    std::function<internal::FunctionRecord*(std::uint64_t key)> find_function;
    // Makes the process see these GPUs of the node's and no others, or what it saw first, for none;
    // gives their names. May be null.
    std::function<std::vector<std::string>(const std::vector<std::int32_t>& ids)> show_gpus;
    bool marks_output = false;
  };

  CallRunner(Core& core, Options options) : core_(core), options_(std::move(options)) {}

  // Reads the call that `run` is to be: `name` and `payload` are its record's.
  void begin(CallRun& run, const ipc::RecordHeader& name, std::uint64_t owner,
             std::span<const std::byte> payload);
  void run(CallRun& run);
  // Goes on with a call that is suspended.
  void resume(CallRun& run, const std::function<void()>& go_on);

  // What the calling thread runs, innermost; null where it runs nothing of this engine's.
  CallRun* current() const;
  bool has_actor() const { return instance_ != nullptr; }
  internal::ObjectId actor() const { return actor_; }
  bool actor_was_restarted() const { return was_restarted_; }
  // What the lease that the calling thread works on has of them.
  const std::vector<std::string>& gpu_names() const { return gpu_names_; }
  // Without the lock, once nothing runs any more.
  void destroy_actor();

 private:
  void dispatch(CallRun& run);
  void enter(CallRun& run);
  void leave(CallRun& run);
  void end_body(CallRun& run);
  void mark_output(const char* name);
  void show_gpus(const std::vector<std::int32_t>& ids);

  Core& core_;
  const Options options_;
  absl::flat_hash_map<std::uint64_t, std::unique_ptr<ServedFunction>> functions_;  // by key

  std::mutex output_mutex_;
  std::string marked_;  // guarded by output_mutex_: whose name was written to the output last

  // Written by the runs of tasks, which are one at a time, and by the constructor's, before any
  // method's.
  std::vector<std::int32_t> gpu_ids_;
  std::vector<std::string> gpu_names_;
  void* instance_ = nullptr;
  void (*destroy_)(void*) = nullptr;
  internal::ObjectId actor_;
  bool was_restarted_ = false;
};

}  // namespace ray::core_worker
