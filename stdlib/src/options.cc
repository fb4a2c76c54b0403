#include <ray/error.h>
#include <ray/options.h>

#include <cmath>

namespace ray::inline v1 {
namespace internal {
namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  throw_invalid_argument("option " + std::string(option) + ": " + std::string(why));
}

void check_amount(std::string_view option, const std::optional<double>& value) {
  if (value && !(*value >= 0 && std::isfinite(*value))) refuse(option, "must be 0 or more");
}

void check_at_least(std::string_view option, const std::optional<int>& value, int least) {
  if (!value || *value >= least) return;
  refuse(option, least == -1 ? "must be 0 or more, or -1 for no limit"
                             : "must be " + std::to_string(least) + " or more");
}

void check_resources(const Resources& resources) {
  for (const auto& [name, amount] : resources) {
    if (name == "CPU" || name == "GPU" || name == "memory") {
      refuse("resources", "'" + name + "' has an option of its own");
    }
    check_amount("resources", amount);
  }
}

// The checks that every kind of options shares, on the fields it has.
template <class Options>
void check(const Options& o) {
  if constexpr (requires { o.num_cpus; }) {
    check_amount("num_cpus", o.num_cpus);
    check_amount("num_gpus", o.num_gpus);
    if (o.memory && *o.memory < 0) refuse("memory", "must be 0 or more bytes");
    check_resources(o.resources);
  }
  if constexpr (requires { o.max_retries; }) {
    check_at_least("max_retries", o.max_retries, -1);
    check_at_least("max_calls", o.max_calls, 0);
  }
  if constexpr (requires { o.generator_backpressure; }) {
    check_at_least("generator_backpressure", o.generator_backpressure, -1);
    if (o.generator_backpressure == 0) {
      refuse("generator_backpressure", "must be 1 or more, or -1 for no limit");
    }
  }
  if constexpr (requires { o.max_task_retries; }) {
    check_at_least("max_task_retries", o.max_task_retries, -1);
  }
  if constexpr (requires { o.max_restarts; }) {
    check_at_least("max_restarts", o.max_restarts, -1);
    check_at_least("max_concurrency", o.max_concurrency, 1);
    check_at_least("max_pending_calls", o.max_pending_calls, 1);
    for (const auto& [name, threads] : o.concurrency_groups) {
      check_at_least("concurrency_groups", threads, 1);
    }
  }
}

template <class T>
void take(std::optional<T>& base, const std::optional<T>& over) {
  if (over) base = over;
}

void take(auto& base, const auto& over)
  requires requires { over.empty(); }
{
  if (!over.empty()) base = over;
}

void take(RuntimeEnv& base, const RuntimeEnv& over) {
  if (over != RuntimeEnv{}) base = over;
}

// What tasks and actors have in common: a name, and where they run.
template <class Options>
void take_placed(CallOptions& base, const Options& over) {
  take(base.num_cpus, over.num_cpus);
  take(base.num_gpus, over.num_gpus);
  take(base.memory, over.memory);
  take(base.resources, over.resources);
  take(base.name, over.name);
  take(base.scheduling, over.scheduling);
  take(base.labels, over.labels);
  take(base.runtime_env, over.runtime_env);
}

}  // namespace

void overlay(CallOptions& base, const TaskOptions& over) {
  check(over);
  take_placed(base, over);
  take(base.max_retries, over.max_retries);
  take(base.retry_exceptions, over.retry_exceptions);
  take(base.max_calls, over.max_calls);
  take(base.generator_backpressure, over.generator_backpressure);
}

void overlay(CallOptions& base, const ActorOptions& over) {
  check(over);
  take_placed(base, over);
  take(base.name_space, over.name_space);
  take(base.lifetime, over.lifetime);
  take(base.max_restarts, over.max_restarts);
  take(base.max_task_retries, over.max_task_retries);
  take(base.max_concurrency, over.max_concurrency);
  take(base.concurrency_groups, over.concurrency_groups);
  take(base.max_pending_calls, over.max_pending_calls);
  take(base.get_if_exists, over.get_if_exists);
}

void overlay(CallOptions& base, const MethodOptions& over) {
  check(over);
  take(base.name, over.name);
  take(base.retry_exceptions, over.retry_exceptions);
  take(base.generator_backpressure, over.generator_backpressure);
  take(base.max_task_retries, over.max_task_retries);
  take(base.concurrency_group, over.concurrency_group);
}

}  // namespace internal
}  // namespace ray::inline v1
