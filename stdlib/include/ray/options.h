// options.h is what can be asked of a call: the typed form of `[[ray::remote(...)]]`, written at
// run time with designated initialisers, and the merged form that engines read.
//
//   retrieve.options({.num_cpus = 2, .name = "r"}).remote(...);
//
// A field that is not set (a map: empty) leaves the annotation's value, and failing that the
// default. Fields stand in one order in every struct, that of CallOptions. All are plain values:
// copy them at will, share them between threads for reading.
//
// Errors: values that make no sense (a negative number other than -1 where -1 means no limit, "CPU"
// in `resources`) are thrown as ray::Error, which is a std::invalid_argument too, by the call that
// was given them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ray::inline v1 {

// Where a task or actor is placed.
class SchedulingStrategy {
 public:
  enum class Kind : std::uint8_t { hybrid, spread, node, labels };

  SchedulingStrategy() = default;  // hybrid
  static SchedulingStrategy hybrid() { return {}; }
  static SchedulingStrategy spread() {
    SchedulingStrategy strategy;
    strategy.kind_ = Kind::spread;
    return strategy;
  }
  // On the node with this id (`nodes()` lists them); `soft`: elsewhere when it is not there.
  static SchedulingStrategy node(std::string id, bool soft = false) {
    SchedulingStrategy strategy;
    strategy.kind_ = Kind::node;
    strategy.node_id_ = std::move(id);
    strategy.soft_ = soft;
    return strategy;
  }
  // On a node that bears all of these labels.
  static SchedulingStrategy labels(std::map<std::string, std::string> labels) {
    SchedulingStrategy strategy;
    strategy.kind_ = Kind::labels;
    strategy.labels_ = std::move(labels);
    return strategy;
  }

  Kind kind() const { return kind_; }
  const std::string& node_id() const { return node_id_; }
  bool soft() const { return soft_; }
  const std::map<std::string, std::string>& node_labels() const { return labels_; }

  friend bool operator==(const SchedulingStrategy&, const SchedulingStrategy&) = default;

 private:
  Kind kind_ = Kind::hybrid;
  bool soft_ = false;
  std::string node_id_;
  std::map<std::string, std::string> labels_;
};

// Which exceptions of a task's own are a reason to run it again: none, all, or those of the listed
// types and of types derived from them. `.retry_exceptions = true`,
// `.retry_exceptions = ray::exceptions<std::system_error, Unlucky>()`.
struct RetryExceptions {
  RetryExceptions() = default;
  RetryExceptions(bool every) : all(every) {}  // NOLINT: `= true` is how users write it

  bool all = false;
  std::vector<std::string> types;  // as type_info::name() gives them

  friend bool operator==(const RetryExceptions&, const RetryExceptions&) = default;
};

// Whether an actor ends with its last handle, or lives until it is killed.
enum class Lifetime : std::uint8_t { counted, detached };

// What a worker finds around it.
struct RuntimeEnv {
  std::map<std::string, std::string> env = {};
  std::string working_dir = {};

  friend bool operator==(const RuntimeEnv&, const RuntimeEnv&) = default;
};

using Resources = std::map<std::string, double>;  // counted in steps of 0.0001
using Labels = std::map<std::string, std::string>;
using ConcurrencyGroups = std::map<std::string, int>;  // threads of each

struct TaskOptions {
  std::optional<double> num_cpus = {};
  std::optional<double> num_gpus = {};
  std::optional<std::int64_t> memory = {};  // bytes
  Resources resources = {};
  std::optional<std::string> name = {};
  std::optional<int> max_retries = {};
  std::optional<RetryExceptions> retry_exceptions = {};
  std::optional<int> max_calls = {};
  std::optional<int> generator_backpressure = {};
  std::optional<SchedulingStrategy> scheduling = {};
  Labels labels = {};
  RuntimeEnv runtime_env = {};
};

struct ActorOptions {
  std::optional<double> num_cpus = {};
  std::optional<double> num_gpus = {};
  std::optional<std::int64_t> memory = {};  // bytes
  Resources resources = {};
  std::optional<std::string> name = {};
  std::optional<std::string> name_space = {};
  std::optional<Lifetime> lifetime = {};
  std::optional<int> max_restarts = {};
  std::optional<int> max_task_retries = {};
  std::optional<int> max_concurrency = {};
  ConcurrencyGroups concurrency_groups = {};
  std::optional<int> max_pending_calls = {};
  std::optional<bool> get_if_exists = {};
  std::optional<SchedulingStrategy> scheduling = {};
  Labels labels = {};
  RuntimeEnv runtime_env = {};
};

struct MethodOptions {
  std::optional<std::string> name = {};
  std::optional<RetryExceptions> retry_exceptions = {};
  std::optional<int> generator_backpressure = {};
  std::optional<int> max_task_retries = {};
  std::optional<std::string> concurrency_group = {};
};

// What init() may be told. An empty address starts a cluster on this machine, unless RAY_ADDRESS
// names one to join.
struct InitOptions {
  std::string address = {};
  std::optional<double> num_cpus = {};
  std::optional<double> num_gpus = {};
  Resources resources = {};
  std::optional<std::int64_t> object_store_memory = {};  // bytes
  std::string name_space = {};
  std::string engine = {};  // "native", "local"; empty: RAY_ENGINE, else native
  RuntimeEnv runtime_env = {};
};

namespace internal {

// Every option there is. An engine reads it with the defaults that stand beside the fields; they
// differ between tasks (t) and actors (a) where two are given.
struct CallOptions {
  std::optional<double> num_cpus;  // t: 1; a: 1 to place it, 0 once it runs
  std::optional<double> num_gpus;  // 0
  std::optional<std::int64_t> memory;
  Resources resources;
  std::optional<std::string> name;
  std::optional<std::string> name_space;
  std::optional<Lifetime> lifetime;  // counted
  std::optional<int> max_retries;    // 3; -1: no limit
  std::optional<RetryExceptions> retry_exceptions;
  std::optional<int> max_calls;               // no limit
  std::optional<int> generator_backpressure;  // 64; -1: no limit
  std::optional<int> max_restarts;            // 0; -1: no limit
  std::optional<int> max_task_retries;        // 0; -1: no limit
  std::optional<int> max_concurrency;         // 1
  ConcurrencyGroups concurrency_groups;
  std::optional<std::string> concurrency_group;
  std::optional<int> max_pending_calls;  // no limit
  std::optional<bool> get_if_exists;     // false
  std::optional<SchedulingStrategy> scheduling;
  Labels labels;
  RuntimeEnv runtime_env;  // inherited

  friend bool operator==(const CallOptions&, const CallOptions&) = default;
};

inline constexpr int kMaxRetriesDefault = 3;
inline constexpr int kGeneratorBackpressureDefault = 64;  // items

// Puts what `over` sets on top of `base`. Throws as the head of this file says; `base` is then
// as it was.
void overlay(CallOptions& base, const TaskOptions& over);
void overlay(CallOptions& base, const ActorOptions& over);
void overlay(CallOptions& base, const MethodOptions& over);

}  // namespace internal
}  // namespace ray::inline v1
