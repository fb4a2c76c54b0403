// LeaseTable decides who may use which worker of a node: it takes events (demands, workers that
// come and go, leases that end, the time) and returns the effects that its host carries out.
//
// Owners take turns, one lease a turn; a demand that cannot run now never delays one that can. A
// lease holds its resources until its worker is idle again or dead. A blocked worker's CPUs are
// lent on, nothing else. Beyond `blocked_max` blocked workers new ones start only one every
// `limit_step`, so that a deep recursion slows down before it floods the machine, but still ends.
//
// Threading: a plain value, without I/O; its host calls tick() by next_tick().
// Limits: `workers_max` workers; tasks that need no CPU get at most `free_tasks_max` leases at
// once.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/base/resources.h"
#include "runtime/scheduling/resource_account.h"
#include "runtime/scheduling/worker_pool.h"

namespace ray::scheduling {

using ClassId = std::uint32_t;  // an owner's own number for tasks that need the same

struct Demand {
  PoolKey pool;
  std::uint32_t wanted = 0;  // leases, beyond those granted
  bool actor = false;
  base::ResourceSet resources;    // while it runs
  base::ResourceSet placement{};  // actor: more that is needed until it has started
  std::string label;              // for messages
  std::string unplaceable{};      // why this node never takes it; "" where it may
};

// Effects, to be carried out in their order.
struct StartWorker {
  StartupToken token = 0;
  PoolKey pool;
};
struct GrantLease {
  base::LeaseId lease;
  base::ProcessId owner;
  ClassId scheduling_class = 0;
  base::ProcessId worker;
  bool actor = false;
  base::ResourceSet resources;
  std::vector<std::int32_t> gpu_ids;
};
// At most once for each demand and cause.
struct WarnInfeasible {
  base::ProcessId owner;
  ClassId scheduling_class = 0;
  std::string reason;
};
// No worker comes up in the runtime environment that it asks for: it is withdrawn.
struct RefuseDemand {
  base::ProcessId owner;
  ClassId scheduling_class = 0;
  std::string reason;
};
// Others wait. `even_busy`: for so long that one lease with work left is to come back too.
struct AskReclaim {
  base::ProcessId owner;
  bool even_busy = false;
};
// Idle for long: may decline.
struct EndIdleWorker {
  base::ProcessId worker;
};
// Holds what is not wanted any more: must end.
struct EndWorker {
  base::ProcessId worker;
  std::string reason;
};
// It waits, as do more workers than should, or all: what it can run itself, it should.
struct BlockedAtLimit {
  base::ProcessId worker;
};
using Effect = std::variant<StartWorker, GrantLease, WarnInfeasible, RefuseDemand, AskReclaim,
                            EndIdleWorker, EndWorker, BlockedAtLimit>;
using Effects = std::vector<Effect>;

class LeaseTable {
 public:
  struct Options {
    base::ResourceSet total;
    std::uint32_t blocked_max = 4;
    std::uint32_t free_tasks_max = 64;
    std::uint32_t workers_max = 1000;
    std::chrono::nanoseconds limit_step = std::chrono::milliseconds(20);
    std::chrono::nanoseconds reclaim_step = std::chrono::milliseconds(100);
    WorkerPool::Options pool;
  };
  // The options of a node with `total`: its CPUs bound the pool and the blocked workers.
  static Options options_for(const base::ResourceSet& total);

  explicit LeaseTable(const Options& options);

  // Replaces what this owner wants of the class; `wanted` 0 withdraws it.
  Effects set_demand(base::ProcessId owner, ClassId scheduling_class, const Demand& demand,
                     Time now);
  Effects worker_registered(StartupToken token, base::ProcessId worker, Time now);
  Effects start_failed(StartupToken token, const std::string& reason, Time now);
  Effects worker_died(base::ProcessId worker, Time now);
  Effects exit_declined(base::ProcessId worker, Time now);
  // Ignored where `owner` does not hold it any more.
  Effects lease_returned(base::ProcessId owner, base::LeaseId lease, bool exit_worker, Time now);
  Effects blocked(base::ProcessId worker, Time now);
  Effects unblocked(base::ProcessId worker, Time now);
  // The constructor has run: what was needed only to place the actor is free.
  Effects actor_started(base::ProcessId worker, Time now);
  // From now on the actor's worker does not depend on its owner.
  void detach(base::ProcessId worker);
  Effects owner_died(base::ProcessId owner, Time now);
  // All of a job's workers are about to be killed by the host, detached actors excepted.
  Effects job_ended(base::JobId job, Time now);
  Effects tick(Time now);
  std::optional<Time> next_tick() const { return next_tick_; }

  const base::ResourceSet& total() const { return account_.total(); }
  const base::ResourceSet& available() const { return account_.available(); }
  // The worker that `owner` holds by `lease`, if it does.
  std::optional<base::ProcessId> leased_worker(base::ProcessId owner, base::LeaseId lease) const;
  std::optional<base::LeaseId> lease_of(base::ProcessId worker) const;
  std::size_t workers() const { return workers_.size(); }
  std::size_t leases() const { return leases_.size(); }
  std::uint32_t starting() const { return pool_.starting(); }

 private:
  struct Waiting {
    Demand demand;
    base::ResourceSet needed;  // to grant it
    bool feasible = true;
    Time since{};  // of the demand, or of its last grant
  };
  struct Owner {
    std::map<ClassId, Waiting> classes;  // those with wanted > 0
    ClassId last_class = 0;              // of the last grant: the next in order goes first
    std::uint32_t task_leases = 0;
    std::set<std::pair<ClassId, std::string>> warned;
  };
  using Owners = std::map<base::ProcessId, Owner>;
  struct Lease {
    base::ProcessId owner;  // none: a detached actor, or its owner is dead
    ClassId scheduling_class = 0;
    base::ProcessId worker;
    bool actor = false;
    bool free_task = false;  // uses no CPU
    bool detached = false;
    base::ResourceSet running;
    ResourceAccount::Allocation allocation;
  };
  struct Worker {
    PoolKey pool;
    base::LeaseId lease;  // none: idle, or ending
    bool blocked = false;
    bool told_limit = false;  // since it blocked
    bool ending = false;
  };

  // Grants, starts, warns and reclaims until nothing more can be done now.
  void schedule(Time now, Effects& effects);
  void grant_all(Time now, Effects& effects);
  bool grant_one(Owners::iterator owner, Time now, Effects& effects);
  void grant(Owners::iterator owner, ClassId class_id, base::ProcessId worker,
             ResourceAccount::Allocation allocation, Effects& effects);
  void start_workers(Time now, Effects& effects);
  std::map<PoolKey, std::uint32_t> runnable_without_worker() const;
  bool is_free_task(const Waiting& waiting) const;
  void break_deadlock(Effects& effects);
  bool something_runs() const;
  void reclaim(Time now, Effects& effects);
  std::set<base::ProcessId> long_busy_holders(Time now) const;
  void warn(base::ProcessId owner_id, Owner& owner, ClassId class_id, const std::string& reason,
            Effects& effects);
  void warn_pool(const PoolKey& pool, const std::string& reason, Effects& effects);
  void refuse_pool(const PoolKey& pool, const std::string& reason, Effects& effects);
  void set_next_tick(Time now);

  void disown(Lease& lease);
  void end_lease(base::LeaseId lease);
  void end_worker(base::ProcessId id, Worker& worker, std::string reason, Effects& effects);
  void set_unblocked(Worker& worker);
  void tell_limit(Effects& effects);

  const Options options_;
  ResourceAccount account_;
  WorkerPool pool_;
  Owners owners_;
  base::ProcessId last_owner_;  // of the last grant
  std::map<base::LeaseId, Lease> leases_;
  std::map<base::ProcessId, Worker> workers_;
  std::uint64_t next_lease_ = 1;
  std::uint32_t blocked_ = 0;
  std::uint32_t free_tasks_ = 0;  // leases that use no CPU, actors excepted
  bool pool_waits_ = false;       // a start was put off by blocked_max
  Time next_slow_start_{};
  Time next_reclaim_{};
  bool reclaim_waits_ = false;
  std::optional<Time> next_tick_;
};

}  // namespace ray::scheduling
