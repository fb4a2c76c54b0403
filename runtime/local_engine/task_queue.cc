#include "runtime/local_engine/task_queue.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace ray::local_engine {
namespace {

constexpr double kStepsPerUnit = 10'000;

std::int64_t steps(double amount) { return std::llround(amount * kStepsPerUnit); }

Amounts steps(const Resources& resources) {
  Amounts amounts;
  for (const auto& [name, amount] : resources) amounts[name] = steps(amount);
  return amounts;
}

std::int64_t amount_of(const Amounts& amounts, const std::string& name) {
  auto found = amounts.find(name);
  return found == amounts.end() ? 0 : found->second;
}

}  // namespace

Amounts demand_of(const internal::CallOptions& options) {
  Amounts demand = steps(options.resources);
  demand["CPU"] = steps(options.num_cpus.value_or(1));
  demand["GPU"] = steps(options.num_gpus.value_or(0));
  std::erase_if(demand, [](const auto& entry) { return entry.second == 0; });
  return demand;
}

TaskQueue::TaskQueue(const Resources& total) : total_(steps(total)), free_(total_) {}

bool TaskQueue::can_ever_run(const Amounts& demand) const {
  for (const auto& [name, amount] : demand) {
    if (amount > amount_of(total_, name)) return false;
  }
  return true;
}

bool TaskQueue::fits(const Amounts& demand) const {
  for (const auto& [name, amount] : demand) {
    if (amount > amount_of(free_, name)) return false;
  }
  return true;
}

void TaskQueue::push(CallPointer call) { ready_[call->demand].push_back(std::move(call)); }

CallPointer TaskQueue::take(std::deque<CallPointer>& dropped) {
  std::deque<CallPointer>* oldest = nullptr;
  const Amounts* demand = nullptr;
  for (auto& [amounts, calls] : ready_) {
    while (!calls.empty() && calls.front()->state != LocalCall::State::ready) {
      dropped.push_back(std::move(calls.front()));
      calls.pop_front();
    }
    if (calls.empty() || !fits(amounts)) continue;
    if (oldest == nullptr || calls.front()->id < oldest->front()->id) {
      oldest = &calls;
      demand = &amounts;
    }
  }
  if (oldest == nullptr) return nullptr;
  take_again(*demand);
  CallPointer call = std::move(oldest->front());
  oldest->pop_front();
  return call;
}

bool TaskQueue::has_next() const {
  for (const auto& [amounts, calls] : ready_) {
    if (!calls.empty() && fits(amounts)) return true;
  }
  return false;
}

std::vector<CallPointer> TaskQueue::drain() {
  std::vector<CallPointer> all;
  for (auto& [amounts, calls] : ready_) std::ranges::move(calls, std::back_inserter(all));
  ready_.clear();
  return all;
}

void TaskQueue::give_back(const Amounts& demand) {
  for (const auto& [name, amount] : demand) free_[name] += amount;
}

void TaskQueue::take_again(const Amounts& demand) {
  for (const auto& [name, amount] : demand) free_[name] -= amount;
}

Resources TaskQueue::available() const {
  Resources resources;
  for (const auto& [name, amount] : free_) {
    resources[name] = static_cast<double>(std::max<std::int64_t>(amount, 0)) / kStepsPerUnit;
  }
  return resources;
}

}  // namespace ray::local_engine
