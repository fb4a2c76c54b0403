#include "runtime/core_worker/actor_threads.h"

#include <cstdint>
#include <system_error>
#include <utility>

#include "runtime/core_worker/core.h"
#include "runtime/ipc/futex.h"

namespace ray::core_worker {
namespace {

constexpr std::int64_t kLongSleepNs = 3'600'000'000'000;

}  // namespace

ActorThreads::ActorThreads(Core& core, const ConcurrencyLimits& limits, RunCall run_call)
    : core_(core), run_call_(std::move(run_call)) {
  groups_[""].threads_max = limits.threads;
  for (const auto& [name, threads] : limits.groups) groups_[name].threads_max = threads;
  try {
    for (auto& [name, group] : groups_) start(group);
  } catch (const std::system_error&) {
    stop();
    throw;
  }
}

void ActorThreads::start(Group& group) {
  auto worker = std::make_unique<Worker>();
  Worker& self = *worker;
  self.thread = std::thread([this, &group, &self] { loop(group, self); });
  group.workers.push_back(std::move(worker));
}

void ActorThreads::add(const std::string& name, std::unique_ptr<CallRun> run) {
  Group& group = groups_.at(name);
  group.waiting.push_back(std::move(run));
  if (group.idle.empty()) {
    group.wants_thread = group.workers.size() < group.threads_max;
    return;
  }
  Worker& worker = *group.idle.back();
  group.idle.pop_back();
  worker.word.store(1, std::memory_order_release);
  core_.wake_later(worker.word);
}

void ActorThreads::start_missing() {
  for (auto& [name, group] : groups_) {
    if (!std::exchange(group.wants_thread, false)) continue;
    try {
      start(group);
    } catch (const std::system_error& error) {
      // The calls run on the threads that are there.
      core_.log.warning("an actor gets no further thread: ", error.what());
      group.threads_max = static_cast<std::uint32_t>(group.workers.size());
    }
  }
}

void ActorThreads::loop(Group& group, Worker& self) {
  CoreLock lock(core_);
  while (!stopping_) {
    if (!group.waiting.empty()) {
      const std::unique_ptr<CallRun> run = std::move(group.waiting.front());
      group.waiting.pop_front();
      run_call_(lock, *run);
      continue;
    }
    group.idle.push_back(&self);
    self.word.store(0, std::memory_order_relaxed);
    lock.unlock();
    while (self.word.load(std::memory_order_acquire) == 0) {
      ipc::futex_wait(self.word, 0, kLongSleepNs);
    }
    lock.lock();
  }
}

void ActorThreads::stop() {
  {
    CoreLock lock(core_);
    stopping_ = true;
    for (auto& [name, group] : groups_) {
      for (Worker* worker : std::exchange(group.idle, {})) {
        worker->word.store(1, std::memory_order_release);
        core_.wake_later(worker->word);
      }
    }
  }
  for (auto& [name, group] : groups_) {
    for (const auto& worker : group.workers) {
      if (worker->thread.joinable()) worker->thread.join();
    }
  }
}

}  // namespace ray::core_worker
