// ActorThreads runs the calls of an actor with max_concurrency above 1, or with concurrency groups:
// each group has threads of its own, and takes its calls in the order in which they came. The group
// without a name has max_concurrency threads.
//
// A group's first thread starts with it, the others when a call finds none idle.
// Threading: add() and has_group() under the engine's lock; the rest without it, on the thread that
// made this.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/core_worker/call_runner.h"

namespace ray::core_worker {

class Core;
class CoreLock;

class ActorThreads {
 public:
  // Runs a call and replies. Called with the lock held, which it may give up meanwhile.
  using RunCall = std::function<void(CoreLock& lock, CallRun& run)>;

  // Throws std::system_error where the machine has no thread left.
  ActorThreads(Core& core, const ConcurrencyLimits& limits, RunCall run_call);
  ~ActorThreads() { stop(); }

  static bool are_needed(const ConcurrencyLimits& limits) {
    return limits.threads > 1 || !limits.groups.empty();
  }

  bool has_group(const std::string& name) const { return groups_.contains(name); }
  void add(const std::string& group, std::unique_ptr<CallRun> run);
  // Starts the threads that add() found missing.
  void start_missing();
  // Drops what has not begun; returns once nothing runs.
  void stop();

 private:
  struct Worker {
    std::atomic<std::uint32_t> word{0};  // 1: look again
    std::thread thread;
  };
  struct Group {
    std::uint32_t threads_max = 1;
    std::deque<std::unique_ptr<CallRun>> waiting;
    std::vector<Worker*> idle;
    std::vector<std::unique_ptr<Worker>> workers;
    bool wants_thread = false;
  };

  void start(Group& group);
  void loop(Group& group, Worker& self);

  Core& core_;
  const RunCall run_call_;
  std::map<std::string, Group> groups_;
  bool stopping_ = false;
};

}  // namespace ray::core_worker
