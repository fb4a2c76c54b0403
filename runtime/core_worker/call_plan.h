// CallPlan is what the options of a call come to; FunctionTable finds it without work for a call
// under its annotation's options, and by value for options given at run time.
//
// Threading: under the engine's lock.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "runtime/ipc/control_messages.h"

namespace ray::core_worker {

struct SchedulingClass;

struct CallPlan {
  internal::CallOptions options;                // without `name`
  SchedulingClass* scheduling_class = nullptr;  // of tasks; made at the first call
  std::int16_t retries = 0;                     // Record::kNoLimit for no limit
  std::uint32_t max_calls = 0;                  // 0: no limit
};

// How many calls of an actor run at once: of those without a group, and of each group.
struct ConcurrencyLimits {
  std::uint32_t threads = 1;
  std::map<std::string, std::uint32_t> groups;
};
ConcurrencyLimits concurrency_of(const internal::FunctionRecord& constructor,
                                 const internal::CallOptions& options);

// How many items of a generator may wait, not taken.
constexpr std::uint64_t kNoItemWindow = UINT64_MAX;
std::uint64_t item_window(const internal::CallOptions& options);

struct FunctionEntry {
  internal::FunctionRecord* function = nullptr;
  std::uint64_t ticks = 0;                       // that a call takes, on average; 0: not known
  std::vector<std::unique_ptr<CallPlan>> plans;  // the first is the annotation's
};

class FunctionTable {
 public:
  // Its number, for Record::function.
  std::uint32_t number_of(internal::FunctionRecord& function);
  FunctionEntry& at(std::uint32_t number) { return *entries_[number]; }
  // The number of the plan for `options`, null being the annotation's. Throws ray::Error for
  // amounts that make no sense.
  std::uint32_t plan_of(std::uint32_t function, const internal::CallOptions* options);

 private:
  std::vector<std::unique_ptr<FunctionEntry>> entries_;
  absl::flat_hash_map<internal::FunctionRecord*, std::uint32_t> numbers_;
};

// What a worker for such a call is asked of the raylet. `wanted`, class and label are the caller's.
ipc::LeaseDemand demand_of(const internal::CallOptions& options, bool actor);

}  // namespace ray::core_worker
