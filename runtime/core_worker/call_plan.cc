#include "runtime/core_worker/call_plan.h"

#include <ray/error.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/base/resources.h"

namespace ray::core_worker {
namespace {

std::int16_t limited(int retries) {
  return static_cast<std::int16_t>(
      std::clamp<int>(retries, -1, std::numeric_limits<std::int16_t>::max()));
}

base::ResourceSet resources_of(const internal::CallOptions& options, double cpus) {
  std::map<std::string, double> amounts = options.resources;
  amounts[std::string(base::kCpu)] = cpus;
  if (options.num_gpus) amounts[std::string(base::kGpu)] = *options.num_gpus;
  if (options.memory) amounts[std::string(base::kMemory)] = static_cast<double>(*options.memory);
  absl::StatusOr<base::ResourceSet> set = base::ResourceSet::from_map(amounts);
  if (!set.ok()) internal::throw_invalid_argument(std::string(set.status().message()));
  return *std::move(set);
}

}  // namespace

ipc::LeaseDemand demand_of(const internal::CallOptions& options, bool actor) {
  ipc::LeaseDemand demand;
  demand.actor = actor;
  demand.resources = resources_of(options, options.num_cpus.value_or(actor ? 0 : 1));
  if (actor) demand.placement = resources_of(options, options.num_cpus.value_or(1));
  if (options.scheduling) {
    demand.scheduling.kind = static_cast<ipc::Scheduling::Kind>(options.scheduling->kind());
    demand.scheduling.node = options.scheduling->node_id();
    demand.scheduling.soft = options.scheduling->soft();
    demand.scheduling.labels = options.scheduling->node_labels();
  }
  demand.environment = {options.runtime_env.env, options.runtime_env.working_dir};
  return demand;
}

ConcurrencyLimits concurrency_of(const internal::FunctionRecord& constructor,
                                 const internal::CallOptions& options) {
  ConcurrencyLimits limits;
  const int unless_told = constructor.is_async ? internal::kAsyncConcurrency : 1;
  limits.threads =
      static_cast<std::uint32_t>(std::max(1, options.max_concurrency.value_or(unless_told)));
  for (const auto& [name, threads] : options.concurrency_groups) {
    limits.groups[name] = static_cast<std::uint32_t>(std::max(1, threads));
  }
  return limits;
}

std::uint64_t item_window(const internal::CallOptions& options) {
  const int items =
      options.generator_backpressure.value_or(internal::kGeneratorBackpressureDefault);
  return items < 0 ? kNoItemWindow : static_cast<std::uint64_t>(items);
}

std::uint32_t FunctionTable::number_of(internal::FunctionRecord& function) {
  const std::uint32_t cached = function.engine_slot.load(std::memory_order_relaxed);
  if (cached != 0 && cached <= entries_.size() && entries_[cached - 1]->function == &function) {
    return cached - 1;
  }
  const auto [entry, is_new] =
      numbers_.try_emplace(&function, static_cast<std::uint32_t>(entries_.size()));
  if (is_new) {
    auto made = std::make_unique<FunctionEntry>();
    made->function = &function;
    entries_.push_back(std::move(made));
  }
  // Another engine of this process may use it too: it is a hint.
  function.engine_slot.store(entry->second + 1, std::memory_order_relaxed);
  return entry->second;
}

std::uint32_t FunctionTable::plan_of(std::uint32_t function, const internal::CallOptions* options) {
  FunctionEntry& entry = *entries_[function];
  if (options == nullptr && !entry.plans.empty()) return 0;
  internal::CallOptions wanted;
  if (entry.plans.empty() || options == nullptr) {
    if (entry.function->options != nullptr) entry.function->options(wanted);
  }
  auto add = [&](internal::CallOptions made) {
    made.name.reset();
    auto plan = std::make_unique<CallPlan>();
    const bool is_task = entry.function->kind == internal::FunctionRecord::Kind::task;
    plan->retries = limited(is_task ? made.max_retries.value_or(internal::kMaxRetriesDefault)
                                    : made.max_task_retries.value_or(0));
    plan->max_calls = static_cast<std::uint32_t>(std::max(0, made.max_calls.value_or(0)));
    plan->options = std::move(made);
    entry.plans.push_back(std::move(plan));
    return static_cast<std::uint32_t>(entry.plans.size() - 1);
  };
  if (entry.plans.empty()) add(std::move(wanted));
  if (options == nullptr) return 0;
  internal::CallOptions key = *options;
  key.name.reset();
  for (std::uint32_t i = 0; i < entry.plans.size(); ++i) {
    if (entry.plans[i]->options == key) return i;
  }
  return add(std::move(key));
}

}  // namespace ray::core_worker
