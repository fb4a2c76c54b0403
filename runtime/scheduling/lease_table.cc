#include "runtime/scheduling/lease_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/base/check.h"

namespace ray::scheduling {
namespace {

using base::LeaseId;
using base::ProcessId;
using base::ResourceSet;

// What placing an actor takes: at least what it needs while it runs. GPUs are assigned once, so
// that they are the same before and after.
ResourceSet needed_to_grant(const Demand& demand) {
  ResourceSet needed = demand.resources;
  if (!demand.actor) return needed;
  for (const auto& [name, units] : demand.placement.all_units()) {
    if (name != base::kGpu) needed.set_units(name, std::max(units, needed.units(name)));
  }
  return needed;
}

}  // namespace

LeaseTable::Options LeaseTable::options_for(const ResourceSet& total) {
  const auto whole_cpus =
      static_cast<std::uint32_t>(total.units(base::kCpu) / ResourceSet::kUnitsPerOne);
  const std::uint32_t cpus = std::clamp(whole_cpus, 1u, 1024u);
  Options options;
  options.total = total;
  options.blocked_max = 4 * cpus;
  options.free_tasks_max = std::max(64u, 16 * cpus);
  options.pool.prestart = cpus;
  options.pool.idle_max = cpus;
  return options;
}

LeaseTable::LeaseTable(const Options& options)
    : options_(options), account_(options.total), pool_(options.pool) {}

Effects LeaseTable::set_demand(ProcessId owner_id, ClassId class_id, const Demand& demand,
                               Time now) {
  Effects effects;
  if (demand.wanted == 0) {
    const auto owner = owners_.find(owner_id);
    if (owner != owners_.end()) owner->second.classes.erase(class_id);
    set_next_tick(now);
    return effects;
  }
  Owner& owner = owners_[owner_id];
  const auto [it, is_new] = owner.classes.try_emplace(class_id);
  Waiting& waiting = it->second;
  waiting.demand = demand;
  waiting.needed = needed_to_grant(demand);
  if (is_new) waiting.since = now;
  std::string reason = demand.unplaceable;
  if (reason.empty()) {
    std::optional<std::string> never = account_.why_never(waiting.needed);
    if (never) reason = absl::StrCat(demand.label, " needs ", *never);
  }
  waiting.feasible = reason.empty();
  if (!waiting.feasible) warn(owner_id, owner, class_id, reason, effects);
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::worker_registered(StartupToken token, ProcessId id, Time now) {
  Effects effects;
  const std::optional<PoolKey> pool = pool_.started(token);
  if (!pool) {
    effects.push_back(EndWorker{id, "its job has ended"});
    return effects;
  }
  const bool is_new = workers_.emplace(id, Worker{.pool = *pool, .lease = {}}).second;
  CHECK(is_new);
  pool_.put_idle(id, *pool, now, false);
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::start_failed(StartupToken token, const std::string& reason, Time now) {
  Effects effects;
  const std::optional<PoolKey> pool = pool_.start_failed(token, now);
  if (pool && pool->environment != 0 && !pool_.has_worked(*pool)) {
    refuse_pool(*pool, reason, effects);
  } else if (pool) {
    warn_pool(*pool, reason, effects);
  }
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::worker_died(ProcessId id, Time now) {
  Effects effects;
  const auto it = workers_.find(id);
  if (it == workers_.end()) return effects;
  set_unblocked(it->second);
  if (it->second.lease) end_lease(it->second.lease);
  pool_.remove_idle(id);
  workers_.erase(id);
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::exit_declined(ProcessId id, Time now) {
  Effects effects;
  const auto it = workers_.find(id);
  if (it == workers_.end() || !it->second.ending || it->second.lease) return effects;
  it->second.ending = false;
  pool_.put_idle(id, it->second.pool, now, true);
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::lease_returned(ProcessId owner, LeaseId lease, bool exit_worker, Time now) {
  Effects effects;
  const std::optional<ProcessId> id = leased_worker(owner, lease);
  if (!id) return effects;
  Worker& worker = workers_.at(*id);
  set_unblocked(worker);
  if (exit_worker) {
    disown(leases_.at(lease));
    end_worker(*id, worker, "it was returned for the last time", effects);
  } else {
    end_lease(lease);
    pool_.put_idle(*id, worker.pool, now, false);
  }
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::blocked(ProcessId id, Time now) {
  Effects effects;
  const auto it = workers_.find(id);
  if (it == workers_.end() || !it->second.lease || it->second.blocked) return effects;
  it->second.blocked = true;
  ++blocked_;
  account_.lend_cpu(leases_.at(it->second.lease).allocation);
  if (blocked_ > options_.blocked_max) tell_limit(effects);
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::unblocked(ProcessId id, Time now) {
  Effects effects;
  const auto it = workers_.find(id);
  if (it == workers_.end()) return effects;
  set_unblocked(it->second);
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::actor_started(ProcessId id, Time now) {
  Effects effects;
  const auto it = workers_.find(id);
  if (it == workers_.end() || !it->second.lease) return effects;
  Lease& lease = leases_.at(it->second.lease);
  if (!lease.actor) return effects;
  account_.shrink(lease.allocation, lease.running);
  schedule(now, effects);
  return effects;
}

void LeaseTable::detach(ProcessId id) {
  const auto it = workers_.find(id);
  if (it == workers_.end() || !it->second.lease) return;
  Lease& lease = leases_.at(it->second.lease);
  disown(lease);
  lease.detached = true;
}

Effects LeaseTable::owner_died(ProcessId owner, Time now) {
  Effects effects;
  for (auto& [id, lease] : leases_) {
    if (lease.owner != owner) continue;
    disown(lease);
    end_worker(lease.worker, workers_.at(lease.worker), "its owner has died", effects);
  }
  owners_.erase(owner);
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::job_ended(base::JobId job, Time now) {
  Effects effects;
  for (ProcessId id : pool_.drop_job(job)) workers_.at(id).ending = true;
  for (auto& [id, worker] : workers_) {
    if (worker.pool.job != job || !worker.lease) continue;
    Lease& lease = leases_.at(worker.lease);
    if (lease.detached) continue;
    disown(lease);
    worker.ending = true;
  }
  for (auto& [id, owner] : owners_) {
    std::erase_if(owner.classes,
                  [job](const auto& entry) { return entry.second.demand.pool.job == job; });
  }
  schedule(now, effects);
  return effects;
}

Effects LeaseTable::tick(Time now) {
  Effects effects;
  for (ProcessId id : pool_.take_surplus(now)) {
    workers_.at(id).ending = true;
    effects.push_back(EndIdleWorker{id});
  }
  schedule(now, effects);
  return effects;
}

std::optional<ProcessId> LeaseTable::leased_worker(ProcessId owner, LeaseId lease) const {
  const auto it = leases_.find(lease);
  if (it == leases_.end() || !owner || it->second.owner != owner) return std::nullopt;
  return it->second.worker;
}

std::optional<LeaseId> LeaseTable::lease_of(ProcessId worker) const {
  const auto it = workers_.find(worker);
  if (it == workers_.end() || !it->second.lease) return std::nullopt;
  return it->second.lease;
}

void LeaseTable::disown(Lease& lease) {
  const auto owner = owners_.find(lease.owner);
  if (owner != owners_.end() && !lease.actor) --owner->second.task_leases;
  lease.owner = {};
}

void LeaseTable::end_lease(LeaseId id) {
  const auto it = leases_.find(id);
  Lease& lease = it->second;
  disown(lease);
  account_.give_back(lease.allocation);
  if (lease.free_task) --free_tasks_;
  workers_.at(lease.worker).lease = {};
  leases_.erase(it);
}

void LeaseTable::end_worker(ProcessId id, Worker& worker, std::string reason, Effects& effects) {
  if (worker.ending) return;
  worker.ending = true;
  effects.push_back(EndWorker{id, std::move(reason)});
}

// All of them: the one that can go on is not always the last to say that it waits.
void LeaseTable::tell_limit(Effects& effects) {
  for (auto& [id, worker] : workers_) {
    if (!worker.blocked || std::exchange(worker.told_limit, true)) continue;
    effects.push_back(BlockedAtLimit{id});
  }
}

void LeaseTable::set_unblocked(Worker& worker) {
  if (!worker.blocked) return;
  worker.blocked = worker.told_limit = false;
  --blocked_;
  account_.take_back_cpu(leases_.at(worker.lease).allocation);
}

}  // namespace ray::scheduling
