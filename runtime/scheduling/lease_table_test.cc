#include "runtime/scheduling/lease_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ray::scheduling {
namespace {

using base::ProcessId;
using base::ResourceSet;
using namespace std::chrono_literals;

constexpr PoolKey kPool{base::JobId{1}, 0};
constexpr ProcessId kDriver{1};
constexpr ProcessId kOther{2};

ResourceSet set(std::string_view text) { return ResourceSet::parse(text).value(); }

Demand task(std::uint32_t wanted, std::string_view resources = "CPU:1") {
  return Demand{.pool = kPool, .wanted = wanted, .resources = set(resources), .label = "f"};
}

template <class E>
std::vector<E> all(const Effects& effects) {
  std::vector<E> found;
  for (const Effect& effect : effects) {
    if (const E* e = std::get_if<E>(&effect)) found.push_back(*e);
  }
  return found;
}

// A node whose workers start at once.
class LeaseTableTest : public ::testing::Test {
 protected:
  void make(std::string_view total) { table_.emplace(LeaseTable::options_for(set(total))); }

  // Carries out what an event asked for, and gives all effects together.
  Effects settle(Effects effects) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
      const Effect effect = effects[i];
      if (const auto* start = std::get_if<StartWorker>(&effect)) {
        append(effects, table_->worker_registered(start->token, ProcessId{next_worker_++}, now_));
      } else if (const auto* end = std::get_if<EndWorker>(&effect)) {
        append(effects, table_->worker_died(end->worker, now_));
      } else if (const auto* idle = std::get_if<EndIdleWorker>(&effect)) {
        append(effects, table_->worker_died(idle->worker, now_));
      }
    }
    return effects;
  }
  static void append(Effects& to, const Effects& more) {
    to.insert(to.end(), more.begin(), more.end());
  }
  std::vector<GrantLease> demand(ProcessId owner, ClassId id, const Demand& what) {
    return all<GrantLease>(settle(table_->set_demand(owner, id, what, now_)));
  }

  std::optional<LeaseTable> table_;
  Time now_{1h};
  std::uint64_t next_worker_ = 1000;
};

TEST_F(LeaseTableTest, starts_nothing_before_the_first_demand_and_then_one_worker_a_cpu) {
  make("CPU:4");
  EXPECT_TRUE(table_->tick(now_).empty());
  const Effects effects = table_->set_demand(kDriver, 1, task(1), now_);
  EXPECT_EQ(all<StartWorker>(effects).size(), 4u);
  EXPECT_EQ(all<GrantLease>(settle(effects)).size(), 1u);
}

TEST_F(LeaseTableTest, grants_as_many_as_the_resources_allow) {
  make("CPU:2");
  EXPECT_EQ(demand(kDriver, 1, task(100, "CPU:0.1")).size(), 20u);
  EXPECT_TRUE(table_->available().empty());
}

TEST_F(LeaseTableTest, owners_take_turns) {
  make("CPU:1");
  std::vector<GrantLease> held = demand(kDriver, 1, task(10));
  EXPECT_TRUE(demand(kOther, 1, task(10)).empty());
  std::vector<ProcessId> order;
  for (int i = 0; i < 6; ++i) {
    held = all<GrantLease>(
        settle(table_->lease_returned(held.at(0).owner, held.at(0).lease, false, now_)));
    order.push_back(held.at(0).owner);
  }
  EXPECT_THAT(order, ::testing::ElementsAre(kOther, kDriver, kOther, kDriver, kOther, kDriver));
}

TEST_F(LeaseTableTest, a_class_that_cannot_run_does_not_delay_one_that_can) {
  make("CPU:2,GPU:1");
  EXPECT_EQ(demand(kDriver, 1, task(5, "GPU:1")).size(), 1u);
  EXPECT_EQ(demand(kDriver, 2, task(5)).size(), 2u);
}

TEST_F(LeaseTableTest, warns_once_of_what_no_node_has) {
  make("CPU:2");
  Effects effects = table_->set_demand(kDriver, 1, task(1, "GPU:4"), now_);
  ASSERT_EQ(all<WarnInfeasible>(effects).size(), 1u);
  EXPECT_EQ(all<WarnInfeasible>(effects)[0].reason, "f needs 4 GPU, but this node has none");
  EXPECT_TRUE(all<StartWorker>(effects).empty());
  EXPECT_TRUE(table_->set_demand(kDriver, 1, task(2, "GPU:4"), now_).empty());
}

TEST_F(LeaseTableTest, a_blocked_worker_lends_its_cpu) {
  make("CPU:1");
  const GrantLease outer = demand(kDriver, 1, task(1)).at(0);
  EXPECT_TRUE(demand(outer.worker, 1, task(1)).empty());
  const auto inner = all<GrantLease>(settle(table_->blocked(outer.worker, now_)));
  ASSERT_EQ(inner.size(), 1u);
  table_->unblocked(outer.worker, now_);
  EXPECT_LT(table_->available().units(base::kCpu), 0);
  table_->lease_returned(outer.worker, inner[0].lease, false, now_);
  table_->lease_returned(kDriver, outer.lease, false, now_);
  EXPECT_EQ(table_->available(), table_->total());
}

TEST_F(LeaseTableTest, a_recursion_beyond_the_bound_slows_down_and_still_ends) {
  make("CPU:1");
  std::vector<GrantLease> chain = demand(kDriver, 1, task(1));
  bool told = false;
  for (int depth = 0; depth < 30; ++depth) {
    const ProcessId parent = chain.back().worker;
    std::vector<GrantLease> child = demand(parent, 1, task(1));
    if (child.empty()) {
      const Effects effects = settle(table_->blocked(parent, now_));
      told = told || !all<BlockedAtLimit>(effects).empty();
      child = all<GrantLease>(effects);
    }
    for (int ticks = 0; child.empty() && ticks < 100; ++ticks) {
      ASSERT_TRUE(table_->next_tick()) << "at depth " << depth;
      now_ = std::max(now_, *table_->next_tick());
      child = all<GrantLease>(settle(table_->tick(now_)));
    }
    ASSERT_EQ(child.size(), 1u) << "at depth " << depth;
    chain.push_back(child[0]);
  }
  EXPECT_TRUE(told);
}

TEST_F(LeaseTableTest, beyond_the_bound_every_blocked_worker_is_told_once) {
  make("CPU:2");
  std::vector<ProcessId> workers;
  std::vector<BlockedAtLimit> told;
  const std::uint32_t bound = LeaseTable::options_for(set("CPU:2")).blocked_max;
  for (std::uint32_t i = 0; i <= bound + 1; ++i) {
    workers.push_back(demand(kDriver, i, task(1)).at(0).worker);
    told = all<BlockedAtLimit>(settle(table_->blocked(workers.back(), now_)));
    EXPECT_EQ(told.size(), i < bound ? 0 : i == bound ? bound + 1 : 1) << i;
    now_ += 20ms;
  }
  table_->unblocked(workers[0], now_);
  EXPECT_EQ(all<BlockedAtLimit>(table_->blocked(workers[0], now_)).size(), 1u);
}

TEST_F(LeaseTableTest, a_demand_in_an_environment_without_workers_is_refused) {
  make("CPU:1");
  Demand special = task(1);
  special.pool.environment = 7;
  for (int round = 0; round < 2; ++round) {
    const auto starts = all<StartWorker>(table_->set_demand(kDriver, 1, special, now_));
    ASSERT_FALSE(starts.empty());
    const Effects failed = table_->start_failed(starts[0].token, "no such folder", now_);
    const auto refused = all<RefuseDemand>(failed);
    ASSERT_EQ(refused.size(), 1u);
    EXPECT_EQ(refused[0].reason, "f: no such folder");
    EXPECT_TRUE(all<WarnInfeasible>(failed).empty());
    now_ += 10s;
  }
  // The driver's own environment is tried again: what fails there is not the user's wish.
  const auto starts = all<StartWorker>(table_->set_demand(kDriver, 1, task(1), now_));
  ASSERT_FALSE(starts.empty());
  const Effects failed = table_->start_failed(starts[0].token, "no memory", now_);
  EXPECT_TRUE(all<RefuseDemand>(failed).empty());
  EXPECT_EQ(all<WarnInfeasible>(failed).size(), 1u);
}

TEST_F(LeaseTableTest, where_all_wait_for_what_they_hold_they_are_told) {
  make("CPU:2,GPU:1,a:1");
  const GrantLease outer = demand(kDriver, 1, task(1, "CPU:1,GPU:1")).at(0);
  const GrantLease other = demand(kDriver, 2, task(1, "CPU:1,a:1")).at(0);
  EXPECT_TRUE(demand(outer.worker, 1, task(1, "GPU:1")).empty());
  // As long as another runs, it may give something back.
  EXPECT_TRUE(all<BlockedAtLimit>(settle(table_->blocked(outer.worker, now_))).empty());
  const Effects effects = settle(table_->blocked(other.worker, now_));
  ASSERT_EQ(all<BlockedAtLimit>(effects).size(), 1u);
  EXPECT_EQ(all<BlockedAtLimit>(effects)[0].worker, outer.worker);
  EXPECT_TRUE(all<WarnInfeasible>(effects).empty());
  // Nobody can help this one.
  const auto warned =
      all<WarnInfeasible>(table_->set_demand(other.worker, 1, task(1, "GPU:1"), now_));
  ASSERT_EQ(warned.size(), 1u);
  EXPECT_EQ(warned[0].owner, other.worker);
}

TEST_F(LeaseTableTest, an_actor_needs_a_cpu_only_to_be_placed) {
  make("CPU:1");
  Demand actor = task(1, "");
  actor.actor = true;
  actor.placement = set("CPU:1");
  const GrantLease first = demand(kDriver, 1, actor).at(0);
  EXPECT_EQ(first.resources, set("CPU:1"));
  EXPECT_TRUE(demand(kDriver, 2, actor).empty());
  EXPECT_EQ(all<GrantLease>(settle(table_->actor_started(first.worker, now_))).size(), 1u);
}

TEST_F(LeaseTableTest, a_detached_actor_outlives_its_owner_and_its_job) {
  make("CPU:2");
  Demand actor = task(1);
  actor.actor = true;
  const GrantLease grant = demand(kDriver, 1, actor).at(0);
  table_->detach(grant.worker);
  EXPECT_TRUE(all<EndWorker>(table_->owner_died(kDriver, now_)).empty());
  table_->job_ended(kPool.job, now_);
  EXPECT_EQ(table_->available(), set("CPU:1"));
  table_->worker_died(grant.worker, now_);
  EXPECT_EQ(table_->available(), table_->total());
}

TEST_F(LeaseTableTest, workers_of_a_dead_owner_end_and_free_their_resources) {
  make("CPU:2");
  demand(kDriver, 1, task(2));
  const Effects effects = table_->owner_died(kDriver, now_);
  EXPECT_EQ(all<EndWorker>(effects).size(), 2u);
  EXPECT_TRUE(table_->available().empty()) << "held until the workers are gone";
  settle(effects);
  EXPECT_EQ(table_->available(), table_->total());
}

TEST_F(LeaseTableTest, idle_workers_beyond_the_cpus_end_unless_they_decline) {
  make("CPU:1");
  std::vector<GrantLease> held = demand(kDriver, 1, task(3, "CPU:0.1"));
  for (const GrantLease& grant : held) table_->lease_returned(kDriver, grant.lease, false, now_);
  EXPECT_TRUE(all<EndIdleWorker>(table_->tick(now_)).empty());
  now_ += 2s;
  const auto ended = all<EndIdleWorker>(table_->tick(now_));
  ASSERT_EQ(ended.size(), 2u);
  table_->exit_declined(ended[0].worker, now_);
  table_->worker_died(ended[1].worker, now_);
  const auto more = all<EndIdleWorker>(table_->tick(now_));
  ASSERT_EQ(more.size(), 1u);
  EXPECT_NE(more[0].worker, ended[0].worker) << "it has declined";
}

TEST_F(LeaseTableTest, asks_holders_while_somebody_else_waits) {
  make("CPU:2");
  demand(kDriver, 1, task(10));
  EXPECT_FALSE(table_->next_tick()) << "nobody else waits";
  EXPECT_EQ(all<AskReclaim>(table_->set_demand(kOther, 1, task(1), now_)).size(), 1u);
  now_ += 100ms;
  const auto asked = all<AskReclaim>(table_->tick(now_));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].owner, kDriver);
  EXPECT_TRUE(asked[0].even_busy);
}

TEST_F(LeaseTableTest, failed_starts_are_told_once_and_tried_again_with_pauses) {
  make("CPU:1");
  Effects effects = table_->set_demand(kDriver, 1, task(1), now_);
  std::size_t warnings = 0;
  for (int i = 0; i < 5; ++i) {
    const auto starts = all<StartWorker>(effects);
    ASSERT_EQ(starts.size(), 1u);
    effects = table_->start_failed(starts[0].token, "no such program", now_);
    warnings += all<WarnInfeasible>(effects).size();
    EXPECT_TRUE(all<StartWorker>(effects).empty());
    ASSERT_TRUE(table_->next_tick());
    EXPECT_GT(*table_->next_tick(), now_);
    now_ = *table_->next_tick();
    effects = table_->tick(now_);
  }
  EXPECT_EQ(warnings, 1u);
  EXPECT_EQ(all<GrantLease>(settle(effects)).size(), 1u);
}

TEST_F(LeaseTableTest, a_lease_is_returned_only_by_its_owner) {
  make("CPU:1");
  const GrantLease grant = demand(kDriver, 1, task(1)).at(0);
  table_->lease_returned(kOther, grant.lease, false, now_);
  EXPECT_EQ(table_->leases(), 1u);
  EXPECT_EQ(table_->leased_worker(kOther, grant.lease), std::nullopt);
}

TEST_F(LeaseTableTest, a_worker_that_registers_after_its_job_ended_is_ended) {
  make("CPU:1");
  const auto starts = all<StartWorker>(table_->set_demand(kDriver, 1, task(1), now_));
  table_->job_ended(kPool.job, now_);
  EXPECT_EQ(all<EndWorker>(table_->worker_registered(starts[0].token, ProcessId{9}, now_)).size(),
            1u);
  EXPECT_EQ(table_->workers(), 0u);
}

}  // namespace
}  // namespace ray::scheduling
