// A node under thousands of random histories: tasks that take turns, nest and block, and workers
// and owners that die at any moment. Each history is named by its seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "runtime/scheduling/lease_table.h"

namespace ray::scheduling {
namespace {

using base::ProcessId;
using base::ResourceSet;
using namespace std::chrono_literals;

constexpr base::JobId kJob{7};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed), table_(options()) {
    for (std::uint64_t i = 1; i <= 3; ++i) owners_.insert(ProcessId{i});
  }

  void run() {
    for (int step = 0; step < 150; ++step) {
      random_event();
      check_account();
    }
    serve_all();
    for (ProcessId owner : std::set<ProcessId>(owners_)) {
      owners_.erase(owner);
      apply(table_.owner_died(owner, now_));
    }
    apply(table_.job_ended(kJob, now_));
    while (!workers_.empty()) kill_worker(*workers_.begin());
    EXPECT_EQ(table_.leases(), 0u);
    EXPECT_EQ(table_.workers(), 0u);
    EXPECT_EQ(table_.starting(), 0u);
    EXPECT_EQ(table_.available(), table_.total());
    EXPECT_FALSE(table_.next_tick());
  }

 private:
  struct Held {
    GrantLease grant;
    ResourceSet resources;  // now
    bool blocked = false;
    bool ending = false;
  };
  using WantKey = std::pair<ProcessId, ClassId>;

  LeaseTable::Options options() {
    ResourceSet total;
    total.set_units(base::kCpu, pick(1, 4) * ResourceSet::kUnitsPerOne);
    total.set_units(base::kGpu, pick(0, 2) * ResourceSet::kUnitsPerOne);
    total.set_units(base::kMemory, 100 * ResourceSet::kUnitsPerOne);
    return LeaseTable::options_for(total);
  }
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  template <class C>
  typename C::value_type any_of(const C& from) {
    return *std::next(from.begin(), pick(0, static_cast<std::int64_t>(from.size()) - 1));
  }

  Demand random_demand() {
    Demand demand;
    demand.pool = {kJob, static_cast<std::uint64_t>(pick(0, 1))};
    demand.wanted = static_cast<std::uint32_t>(pick(0, 5));
    demand.actor = pick(0, 4) == 0;
    const std::int64_t gpus = table_.total().units(base::kGpu);
    demand.resources.set_units(
        base::kCpu, std::min(pick(0, 4) * 2'500 + pick(0, 1), table_.total().units(base::kCpu)));
    if (gpus > 0 && pick(0, 2) == 0) demand.resources.set_units(base::kGpu, pick(1, 4) * 2'500);
    if (pick(0, 3) == 0) demand.resources.set_units(base::kMemory, pick(1, 60) * 10'000);
    if (demand.actor) demand.placement.set_units(base::kCpu, ResourceSet::kUnitsPerOne);
    return demand;
  }

  void random_event() {
    now_ += std::chrono::milliseconds(pick(0, 60));
    switch (pick(0, 9)) {
      case 0:
      case 1: {
        const ProcessId owner = any_of(owners_);
        const auto id = static_cast<ClassId>(pick(1, 4));
        const Demand demand = random_demand();
        wanted_[{owner, id}] = demand;
        apply(table_.set_demand(owner, id, demand, now_));
        break;
      }
      case 2:
        // A worker asks for more while its own task runs.
        if (!leases_.empty()) owners_.insert(any_of(leases_).second.grant.worker);
        break;
      case 3:
        if (!starting_.empty() && pick(0, 3) == 0) {
          const StartupToken token = any_of(starting_);
          starting_.erase(token);
          apply(table_.start_failed(token, "it did not start", now_));
        }
        break;
      case 4:
        if (!leases_.empty()) toggle_blocked(any_of(leases_).first);
        break;
      case 5:
        if (!workers_.empty() && pick(0, 4) == 0) kill_worker(any_of(workers_));
        break;
      case 6:
        if (!leases_.empty()) start_actor(any_of(leases_).first);
        break;
      default:
        if (pick(0, 1) == 0) register_one();
        if (!leases_.empty()) return_lease(any_of(leases_).first, pick(0, 9) == 0);
    }
    tick_if_due();
  }

  void register_one() {
    if (starting_.empty()) return;
    const StartupToken token = any_of(starting_);
    starting_.erase(token);
    const ProcessId worker{next_worker_++};
    workers_.insert(worker);
    apply(table_.worker_registered(token, worker, now_));
  }
  void tick_if_due() {
    if (table_.next_tick() && *table_.next_tick() <= now_) apply(table_.tick(now_));
  }
  void toggle_blocked(base::LeaseId id) {
    Held& held = leases_.at(id);
    if (held.ending) return;
    held.blocked = !held.blocked;
    const ProcessId worker = held.grant.worker;
    apply(held.blocked ? table_.blocked(worker, now_) : table_.unblocked(worker, now_));
  }
  void start_actor(base::LeaseId id) {
    Held& held = leases_.at(id);
    if (!held.grant.actor || held.ending) return;
    held.resources.set_units(base::kCpu, 0);  // a lower bound of what is left
    apply(table_.actor_started(held.grant.worker, now_));
  }
  void return_lease(base::LeaseId id, bool exit_worker) {
    Held& held = leases_.at(id);
    if (held.ending) return;
    const GrantLease grant = held.grant;
    if (!exit_worker) leases_.erase(id);
    apply(table_.lease_returned(grant.owner, grant.lease, exit_worker, now_));
  }
  void kill_worker(ProcessId worker) {
    workers_.erase(worker);
    std::erase_if(leases_, [&](const auto& entry) { return entry.second.grant.worker == worker; });
    apply(table_.worker_died(worker, now_));
    if (owners_.erase(worker) == 0) return;
    std::erase_if(wanted_, [&](const auto& entry) { return entry.first.first == worker; });
    apply(table_.owner_died(worker, now_));
  }

  void apply(const Effects& effects) {
    std::vector<ProcessId> to_kill;
    for (const Effect& effect : effects) {
      if (const auto* start = std::get_if<StartWorker>(&effect)) {
        EXPECT_TRUE(starting_.insert(start->token).second);
      } else if (const auto* grant = std::get_if<GrantLease>(&effect)) {
        granted(*grant);
      } else if (const auto* refused = std::get_if<RefuseDemand>(&effect)) {
        Demand& demand = wanted_.at({refused->owner, refused->scheduling_class});
        EXPECT_NE(demand.pool.environment, 0u);
        demand.wanted = 0;
      } else if (const auto* end = std::get_if<EndWorker>(&effect)) {
        mark_ending(end->worker);
        to_kill.push_back(end->worker);
      } else if (const auto* idle = std::get_if<EndIdleWorker>(&effect)) {
        for (const auto& [id, held] : leases_) EXPECT_NE(held.grant.worker, idle->worker);
        if (pick(0, 1) == 0) {
          apply(table_.exit_declined(idle->worker, now_));
        } else {
          to_kill.push_back(idle->worker);
        }
      }
    }
    for (ProcessId worker : to_kill) {
      if (workers_.contains(worker)) kill_worker(worker);
    }
  }
  void mark_ending(ProcessId worker) {
    for (auto& [id, held] : leases_) {
      if (held.grant.worker == worker) held.ending = true;
    }
  }
  void granted(const GrantLease& grant) {
    ASSERT_TRUE(workers_.contains(grant.worker));
    for (const auto& [id, held] : leases_) ASSERT_NE(held.grant.worker, grant.worker);
    Demand& demand = wanted_.at({grant.owner, grant.scheduling_class});
    ASSERT_GT(demand.wanted, 0u);
    --demand.wanted;
    leases_[grant.lease] = Held{grant, grant.resources};
  }

  // What unblocked leases hold never exceeds the node by more than what came back from blocking.
  void check_account() {
    ResourceSet used;
    bool ever_blocked = false;
    std::map<std::int32_t, std::int64_t> gpu_units;
    for (const auto& [id, held] : leases_) {
      ResourceSet holds = held.resources;
      ever_blocked = ever_blocked || table_.available().units(base::kCpu) < 0;
      if (held.blocked) holds.set_units(base::kCpu, 0);
      used.add(holds);
      const std::int64_t units = held.grant.resources.units(base::kGpu);
      for (std::int32_t gpu : held.grant.gpu_ids) {
        gpu_units[gpu] += units < ResourceSet::kUnitsPerOne ? units : ResourceSet::kUnitsPerOne;
      }
    }
    for (const auto& [name, units] : used.all_units()) {
      if (name == base::kCpu && ever_blocked) continue;
      EXPECT_LE(units, table_.total().units(name)) << name;
    }
    for (const auto& [gpu, units] : gpu_units) EXPECT_LE(units, ResourceSet::kUnitsPerOne);
  }

  // Everything ends, time passes, and every demand that can be met has been.
  void serve_all() {
    for (int round = 0; round < 5'000; ++round) {
      while (!starting_.empty()) register_one();
      std::vector<base::LeaseId> held;
      for (const auto& [id, lease] : leases_) held.push_back(id);
      for (base::LeaseId id : held) {
        if (leases_.contains(id)) return_lease(id, false);
      }
      now_ += 20ms;
      tick_if_due();
      if (leases_.empty() && starting_.empty() && none_wanted()) return;
    }
    ADD_FAILURE() << "demands are left";
  }
  bool none_wanted() const {
    return std::none_of(wanted_.begin(), wanted_.end(), [this](const auto& entry) {
      ResourceSet needed = entry.second.resources;
      return entry.second.wanted > 0 && ResourceAccount(table_.total()).take(needed);
    });
  }

  std::mt19937_64 random_;
  LeaseTable table_;
  Time now_{1h};
  std::set<ProcessId> owners_;
  std::set<ProcessId> workers_;
  std::set<StartupToken> starting_;
  std::map<base::LeaseId, Held> leases_;
  std::map<WantKey, Demand> wanted_;
  std::uint64_t next_worker_ = 1000;
};

TEST(LeaseTableRandom, never_overgrants_serves_everyone_and_leaks_nothing) {
  for (std::uint64_t seed = 1; seed <= 1'500 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    History(seed).run();
  }
}

}  // namespace
}  // namespace ray::scheduling
