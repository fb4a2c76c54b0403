// The part of LeaseTable that decides: who gets which worker, what is started, who gives back.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/scheduling/lease_table.h"

namespace ray::scheduling {

using base::LeaseId;
using base::ProcessId;
using base::ResourceSet;

void LeaseTable::schedule(Time now, Effects& effects) {
  grant_all(now, effects);
  start_workers(now, effects);
  break_deadlock(effects);
  reclaim(now, effects);
  set_next_tick(now);
}

void LeaseTable::grant_all(Time now, Effects& effects) {
  for (bool granted = true; granted && pool_.idle() > 0;) {
    granted = false;
    auto it = owners_.upper_bound(last_owner_);
    for (std::size_t i = 0; i < owners_.size(); ++i, ++it) {
      if (it == owners_.end()) it = owners_.begin();
      if (!grant_one(it, now, effects)) continue;
      granted = true;
      last_owner_ = it->first;
    }
  }
}

bool LeaseTable::grant_one(Owners::iterator owner, Time now, Effects& effects) {
  auto& classes = owner->second.classes;
  auto it = classes.upper_bound(owner->second.last_class);
  for (std::size_t i = 0; i < classes.size(); ++i, ++it) {
    if (it == classes.end()) it = classes.begin();
    Waiting& waiting = it->second;
    if (!waiting.feasible || !pool_.has_idle(waiting.demand.pool)) continue;
    if (is_free_task(waiting) && free_tasks_ >= options_.free_tasks_max) continue;
    std::optional<ResourceAccount::Allocation> allocation = account_.take(waiting.needed);
    if (!allocation) continue;
    waiting.since = now;
    owner->second.last_class = it->first;
    const ProcessId worker = *pool_.take_idle(waiting.demand.pool);
    grant(owner, it->first, worker, *std::move(allocation), effects);
    return true;
  }
  return false;
}

void LeaseTable::grant(Owners::iterator owner, ClassId class_id, ProcessId worker,
                       ResourceAccount::Allocation allocation, Effects& effects) {
  const auto waiting = owner->second.classes.find(class_id);
  Demand& demand = waiting->second.demand;
  const LeaseId id{next_lease_++};
  effects.push_back(GrantLease{id, owner->first, class_id, worker, demand.actor,
                               allocation.resources, allocation.gpu_ids()});
  Lease lease{.owner = owner->first,
              .scheduling_class = class_id,
              .worker = worker,
              .actor = demand.actor,
              .free_task = is_free_task(waiting->second),
              .running = demand.resources,
              .allocation = std::move(allocation)};
  if (!lease.actor) ++owner->second.task_leases;
  if (lease.free_task) ++free_tasks_;
  leases_.emplace(id, std::move(lease));
  workers_.at(worker).lease = id;
  if (--demand.wanted == 0) owner->second.classes.erase(waiting);
}

void LeaseTable::start_workers(Time now, Effects& effects) {
  pool_waits_ = false;
  for (const auto& [pool, needed] : runnable_without_worker()) {
    for (std::uint32_t left = pool_.missing(pool, needed, now); left > 0; --left) {
      if (workers_.size() + pool_.starting() >= options_.workers_max) {
        warn_pool(pool,
                  absl::StrCat("waits, since this node runs ", options_.workers_max,
                               " workers, its limit"),
                  effects);
        break;
      }
      if (blocked_ >= options_.blocked_max) {
        pool_waits_ = pool_.starting() > 0 || now < next_slow_start_;
        if (pool_waits_) break;
        next_slow_start_ = now + options_.limit_step;
      }
      effects.push_back(StartWorker{pool_.start(pool), pool});
    }
  }
}

// How many more leases of each pool the node's resources would allow, were there workers: owners
// take turns here as they do for grants.
std::map<PoolKey, std::uint32_t> LeaseTable::runnable_without_worker() const {
  struct Candidate {
    const Waiting* waiting;
    std::uint32_t left;
  };
  std::vector<Candidate> candidates;
  for (const auto& [id, owner] : owners_) {
    for (const auto& [class_id, waiting] : owner.classes) {
      if (waiting.feasible) candidates.push_back({&waiting, waiting.demand.wanted});
    }
  }
  std::map<PoolKey, std::uint32_t> runnable;
  if (candidates.empty()) return runnable;
  ResourceAccount account = account_;
  std::uint32_t free_tasks = free_tasks_;
  std::uint32_t room = options_.workers_max;
  while (!candidates.empty() && room > 0) {
    std::erase_if(candidates, [&](Candidate& candidate) {
      const bool free_task = is_free_task(*candidate.waiting);
      if (room == 0 || (free_task && free_tasks >= options_.free_tasks_max)) return true;
      if (!account.take(candidate.waiting->needed)) return true;
      if (free_task) ++free_tasks;
      --room;
      ++runnable[candidate.waiting->demand.pool];
      return --candidate.left == 0;
    });
  }
  return runnable;
}

bool LeaseTable::is_free_task(const Waiting& waiting) const {
  return !waiting.demand.actor && waiting.needed.units(base::kCpu) == 0;
}

bool LeaseTable::something_runs() const {
  if (pool_.starting() > 0) return true;
  return std::any_of(leases_.begin(), leases_.end(), [this](const auto& entry) {
    return !entry.second.actor && !workers_.at(entry.second.worker).blocked;
  });
}

// Tasks that all wait give nothing back. One whose own task asks for no more than it holds itself
// can run that; where it asks for something else, only its user can help.
void LeaseTable::break_deadlock(Effects& effects) {
  if (blocked_ == 0 || something_runs()) return;
  for (auto& [id, worker] : workers_) {
    const auto owner = owners_.find(id);
    if (!worker.blocked || worker.told_limit || owner == owners_.end()) continue;
    const ResourceSet& held = leases_.at(worker.lease).allocation.resources;
    for (const auto& [class_id, waiting] : owner->second.classes) {
      if (!waiting.feasible || account_.available().fits(waiting.needed)) continue;
      if (held.fits(waiting.needed)) {
        worker.told_limit = true;
      } else {
        warn(id, owner->second, class_id,
             absl::StrCat(waiting.demand.label, " waits for {", waiting.needed.to_string(),
                          "}, which is held by tasks that wait themselves, as does its caller"),
             effects);
      }
    }
    if (worker.told_limit) effects.push_back(BlockedAtLimit{id});
  }
}

// Owners that hold leases are asked while somebody else, or another class of theirs, waits for
// resources.
void LeaseTable::reclaim(Time now, Effects& effects) {
  std::set<std::pair<ProcessId, ClassId>> waiting;
  for (const auto& [id, owner] : owners_) {
    for (const auto& [class_id, entry] : owner.classes) {
      if (entry.feasible && !account_.available().fits(entry.needed)) waiting.emplace(id, class_id);
    }
  }
  reclaim_waits_ = false;
  std::set<ProcessId> holders;
  for (const auto& [id, lease] : leases_) {
    if (waiting.empty()) return;
    if (lease.actor || !lease.owner) continue;
    const bool waits_itself = waiting.contains({lease.owner, lease.scheduling_class});
    if (waiting.size() > (waits_itself ? 1 : 0)) holders.insert(lease.owner);
  }
  if (holders.empty()) return;
  reclaim_waits_ = true;
  if (now < next_reclaim_) return;
  next_reclaim_ = now + options_.reclaim_step;
  const std::set<ProcessId> busy = long_busy_holders(now);
  for (ProcessId owner : holders) effects.push_back(AskReclaim{owner, busy.contains(owner)});
}

// For each owner that has waited a whole step, the one that holds most, where it holds more than
// a fair share.
std::set<ProcessId> LeaseTable::long_busy_holders(Time now) const {
  std::set<ProcessId> busy;
  const auto most = std::max_element(owners_.begin(), owners_.end(), [](auto& a, auto& b) {
    return a.second.task_leases < b.second.task_leases;
  });
  for (const auto& [id, owner] : owners_) {
    if (id == most->first) continue;
    const bool waits = std::any_of(owner.classes.begin(), owner.classes.end(), [&](auto& entry) {
      return entry.second.feasible && !account_.available().fits(entry.second.needed) &&
             entry.second.since + options_.reclaim_step <= now;
    });
    const std::uint32_t fair = owner.task_leases == 0 ? 1 : owner.task_leases + 2;
    if (waits && most->second.task_leases >= fair) busy.insert(most->first);
  }
  return busy;
}

void LeaseTable::warn(ProcessId owner_id, Owner& owner, ClassId class_id, const std::string& reason,
                      Effects& effects) {
  if (!owner.warned.emplace(class_id, reason).second) return;
  effects.push_back(WarnInfeasible{owner_id, class_id, reason});
}

void LeaseTable::warn_pool(const PoolKey& pool, const std::string& reason, Effects& effects) {
  for (auto& [id, owner] : owners_) {
    for (const auto& [class_id, waiting] : owner.classes) {
      if (waiting.demand.pool != pool || !waiting.feasible) continue;
      warn(id, owner, class_id, absl::StrCat(waiting.demand.label, ": ", reason), effects);
    }
  }
}

void LeaseTable::refuse_pool(const PoolKey& pool, const std::string& reason, Effects& effects) {
  for (auto& [id, owner] : owners_) {
    std::erase_if(owner.classes, [&, owner_id = id](const auto& entry) {
      const Demand& demand = entry.second.demand;
      if (demand.pool != pool) return false;
      effects.push_back(
          RefuseDemand{owner_id, entry.first, absl::StrCat(demand.label, ": ", reason)});
      return true;
    });
  }
}

void LeaseTable::set_next_tick(Time now) {
  next_tick_ = pool_.next_surplus();
  const auto earlier = [this](Time time) {
    if (!next_tick_ || time < *next_tick_) next_tick_ = time;
  };
  // With a start under way its end is the event that matters.
  if (pool_waits_ && next_slow_start_ > now) earlier(next_slow_start_);
  if (reclaim_waits_) earlier(next_reclaim_);
  for (const auto& [id, owner] : owners_) {
    for (const auto& [class_id, waiting] : owner.classes) {
      const std::optional<Time> retry = pool_.retry_time(waiting.demand.pool, now);
      if (retry) earlier(*retry);
    }
  }
}

}  // namespace ray::scheduling
