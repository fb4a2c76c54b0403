// WorkerPool knows the workers that no lease holds: those being started, and those that are idle,
// by job and runtime environment.
//
// A pool starts nothing before its first demand; then it starts as many workers as the node has
// CPUs at once, since the first demand is rarely the last. Starts that fail are tried again after a
// pause that doubles. Idle workers beyond `idle_max` are ended, those first that were idle longest.
// Threading: a plain value, without I/O.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "runtime/base/ids.h"

namespace ray::scheduling {

using Time = std::chrono::steady_clock::time_point;

struct PoolKey {
  base::JobId job;
  std::uint64_t environment = 0;  // which runtime environment; 0: the driver's own
  friend auto operator<=>(const PoolKey&, const PoolKey&) = default;
};

// Names a worker from the decision to start it until it registers; never repeats, never zero.
using StartupToken = std::uint64_t;

class WorkerPool {
 public:
  struct Options {
    std::uint32_t prestart = 1;
    std::uint32_t idle_max = 1;
    std::chrono::nanoseconds idle_time = std::chrono::seconds(1);
    std::chrono::nanoseconds retry_first = std::chrono::milliseconds(100);
    std::chrono::nanoseconds retry_last = std::chrono::seconds(10);
    // A worker that declined to end is not asked again for this long.
    std::chrono::nanoseconds decline_time = std::chrono::seconds(10);
  };

  explicit WorkerPool(const Options& options) : options_(options) {}

  // How many more workers `pool` should start when `needed` could be leased now.
  std::uint32_t missing(const PoolKey& pool, std::uint32_t needed, Time now) const;
  StartupToken start(const PoolKey& pool);
  // The pool that the token belongs to; nothing for a token that is not (or no longer) known.
  std::optional<PoolKey> started(StartupToken token);
  std::optional<PoolKey> start_failed(StartupToken token, Time now);

  // Whether any of its workers ever came up.
  bool has_worked(const PoolKey& pool) const;

  void put_idle(base::ProcessId worker, const PoolKey& pool, Time now, bool declined);
  // The one used last: its caches are warm, and the others come of age.
  std::optional<base::ProcessId> take_idle(const PoolKey& pool);
  bool remove_idle(base::ProcessId worker);
  // Idle beyond `idle_max`, for longer than `idle_time`.
  std::vector<base::ProcessId> take_surplus(Time now);

  // Forgets a job; its idle workers are given.
  std::vector<base::ProcessId> drop_job(base::JobId job);

  std::uint32_t starting() const { return static_cast<std::uint32_t>(tokens_.size()); }
  std::uint32_t idle() const { return static_cast<std::uint32_t>(idle_.size()); }
  bool has_idle(const PoolKey& pool) const;
  // When a pool may try again; nothing where it may at once.
  std::optional<Time> retry_time(const PoolKey& pool, Time now) const;
  std::optional<Time> next_surplus() const;

 private:
  struct Pool {
    std::uint32_t starting = 0;
    bool prestarted = false;
    bool has_worked = false;
    std::uint32_t failures = 0;  // in a row
    Time retry_at{};
    std::vector<base::ProcessId> idle;  // used last at the back
  };
  struct Idle {
    PoolKey pool;
    Time expires;
  };

  void erase_idle(std::map<base::ProcessId, Idle>::iterator it);

  Options options_;
  std::map<PoolKey, Pool> pools_;
  std::map<StartupToken, PoolKey> tokens_;
  std::map<base::ProcessId, Idle> idle_;
  std::set<std::pair<Time, base::ProcessId>> by_expiry_;
  StartupToken next_token_ = 1;
};

}  // namespace ray::scheduling
