#include "runtime/scheduling/worker_pool.h"

#include <algorithm>

namespace ray::scheduling {

using base::ProcessId;

std::uint32_t WorkerPool::missing(const PoolKey& key, std::uint32_t needed, Time now) const {
  if (needed == 0 || retry_time(key, now)) return 0;
  const auto it = pools_.find(key);
  const Pool pool = it == pools_.end() ? Pool{} : it->second;
  // After a failure one worker tries the ground for the others.
  if (pool.failures > 0) return pool.starting == 0 ? 1 : 0;
  const std::uint32_t wanted = pool.prestarted ? needed : std::max(needed, options_.prestart);
  return wanted > pool.starting ? wanted - pool.starting : 0;
}

StartupToken WorkerPool::start(const PoolKey& key) {
  Pool& pool = pools_[key];
  ++pool.starting;
  pool.prestarted = true;
  tokens_.emplace(next_token_, key);
  return next_token_++;
}

std::optional<PoolKey> WorkerPool::started(StartupToken token) {
  const auto it = tokens_.find(token);
  if (it == tokens_.end()) return std::nullopt;
  const PoolKey key = it->second;
  tokens_.erase(it);
  Pool& pool = pools_[key];
  --pool.starting;
  pool.has_worked = true;
  pool.failures = 0;
  return key;
}

std::optional<PoolKey> WorkerPool::start_failed(StartupToken token, Time now) {
  const auto it = tokens_.find(token);
  if (it == tokens_.end()) return std::nullopt;
  const PoolKey key = it->second;
  tokens_.erase(it);
  Pool& pool = pools_[key];
  --pool.starting;
  // Those that fail together count once.
  if (now < pool.retry_at) return key;
  const auto pause = options_.retry_first * (1u << std::min(pool.failures, 16u));
  pool.retry_at = now + std::min<std::chrono::nanoseconds>(pause, options_.retry_last);
  ++pool.failures;
  return key;
}

bool WorkerPool::has_worked(const PoolKey& key) const {
  const auto it = pools_.find(key);
  return it != pools_.end() && it->second.has_worked;
}

void WorkerPool::put_idle(ProcessId worker, const PoolKey& key, Time now, bool declined) {
  const Time expires = now + (declined ? options_.decline_time : options_.idle_time);
  idle_.emplace(worker, Idle{key, expires});
  by_expiry_.emplace(expires, worker);
  pools_[key].idle.push_back(worker);
}

std::optional<ProcessId> WorkerPool::take_idle(const PoolKey& key) {
  const auto it = pools_.find(key);
  if (it == pools_.end() || it->second.idle.empty()) return std::nullopt;
  const ProcessId worker = it->second.idle.back();
  erase_idle(idle_.find(worker));
  return worker;
}

bool WorkerPool::remove_idle(ProcessId worker) {
  const auto it = idle_.find(worker);
  if (it == idle_.end()) return false;
  erase_idle(it);
  return true;
}

std::vector<ProcessId> WorkerPool::take_surplus(Time now) {
  std::vector<ProcessId> surplus;
  while (idle_.size() > options_.idle_max && by_expiry_.begin()->first <= now) {
    surplus.push_back(by_expiry_.begin()->second);
    erase_idle(idle_.find(surplus.back()));
  }
  return surplus;
}

std::vector<ProcessId> WorkerPool::drop_job(base::JobId job) {
  std::vector<ProcessId> dropped;
  std::erase_if(tokens_, [job](const auto& entry) { return entry.second.job == job; });
  for (auto it = pools_.begin(); it != pools_.end();) {
    if (it->first.job != job) {
      ++it;
      continue;
    }
    while (std::optional<ProcessId> worker = take_idle(it->first)) dropped.push_back(*worker);
    it = pools_.erase(it);
  }
  return dropped;
}

bool WorkerPool::has_idle(const PoolKey& key) const {
  const auto it = pools_.find(key);
  return it != pools_.end() && !it->second.idle.empty();
}

std::optional<Time> WorkerPool::retry_time(const PoolKey& key, Time now) const {
  const auto it = pools_.find(key);
  if (it == pools_.end() || it->second.retry_at <= now) return std::nullopt;
  return it->second.retry_at;
}

std::optional<Time> WorkerPool::next_surplus() const {
  if (idle_.size() <= options_.idle_max) return std::nullopt;
  return by_expiry_.begin()->first;
}

void WorkerPool::erase_idle(std::map<ProcessId, Idle>::iterator it) {
  std::vector<ProcessId>& idle = pools_[it->second.pool].idle;
  idle.erase(std::find(idle.begin(), idle.end(), it->first));
  by_expiry_.erase({it->second.expires, it->first});
  idle_.erase(it);
}

}  // namespace ray::scheduling
