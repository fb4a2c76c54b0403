// Actors: their order, their concurrency, their deaths.
#include <thread>
#include <vector>

#include "runtime/core_worker/engine_fixture.h"

namespace ray::core_worker {
namespace {

const std::vector<ObjectCell*> no_cells;

TEST_F(NativeEngineTest, AnActorKeepsItsOrderItsStateAndReferences) {
  const std::span<const std::byte> none;
  ObjectCell* actor = make_actor(100);
  ObjectCell* last = nullptr;
  for (int i = 1; i <= 50; ++i) {
    last = call(actor_add, bytes_of(1), no_cells, no_cells, actor);
    if (i % 10 == 0) EXPECT_EQ(get(last), 100 + i);
  }
  ObjectCell* value = submit(*driver_, add_one, bytes_of(6));
  EXPECT_EQ(get(call(actor_keep, none, no_cells, std::vector{value}, actor)), 0);
  internal::drop(value);
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(get(call(actor_use, none, no_cells, no_cells, actor)), 7);
}

TEST_F(NativeEngineTest, AFailedConstructorFailsEveryCall) {
  const std::vector<ObjectCell*> none;
  ObjectCell* actor = make_actor(-1);
  EXPECT_THROW(get(call(actor_add, bytes_of(1), none, none, actor)), ActorDiedError);
  EXPECT_THROW(get(call(actor_add, bytes_of(1), none, none, actor)), ActorDiedError);
}

TEST_F(NativeEngineTest, AnActorIsRestartedAndThenDies) {
  const std::vector<ObjectCell*> none;
  internal::CallOptions options;
  options.max_restarts = 1;
  ObjectCell* actor = make_actor(10, &options);
  EXPECT_EQ(get(call(actor_add, bytes_of(1), none, none, actor)), 11);
  raylet_->declare_a_worker_dead("was struck by lightning");
  // A call that is on its way when the worker dies may have run: its caller is told.
  auto add_two = [&] {
    try {
      return get(call(actor_add, bytes_of(2), none, none, actor));
    } catch (const ActorUnavailableError&) {
      return -1;
    }
  };
  eventually([&] { return add_two() == 12; });
  raylet_->declare_a_worker_dead("was struck by lightning");
  eventually([&] {
    try {
      add_two();
      return false;
    } catch (const ActorDiedError&) {
      return true;
    }
  });
}

TEST_F(NativeEngineTest, AnActorsCallsOverlapUpToItsConcurrency) {
  internal::CallOptions options;
  options.max_concurrency = 3;
  ObjectCell* actor = make_actor(0, &options);
  std::vector<ObjectCell*> calls;
  for (int i = 0; i < 3; ++i) {
    calls.push_back(call(actor_meet, bytes_of(3), no_cells, no_cells, actor));
  }
  for (ObjectCell* meeting : calls) EXPECT_EQ(get(meeting), 3);
}

TEST_F(NativeEngineTest, ConcurrencyGroupsDoNotWaitForEachOther) {
  internal::CallOptions options;
  options.concurrency_groups = {{"io", 1}};
  ObjectCell* actor = make_actor(0, &options);
  internal::CallOptions io;
  io.concurrency_group = "io";
  ObjectCell* first = call(actor_meet, bytes_of(2), no_cells, no_cells, actor);
  ObjectCell* behind = call(actor_add, bytes_of(1), no_cells, no_cells, actor);
  ObjectCell* second =
      keep(submit(*driver_, actor_meet, bytes_of(2), no_cells, no_cells, actor, &io));
  EXPECT_EQ(get(first), 2);
  EXPECT_EQ(get(second), 2);
  EXPECT_EQ(get(behind), 1);
  io.concurrency_group = "none";
  EXPECT_THROW(get(keep(submit(*driver_, actor_add, bytes_of(1), no_cells, no_cells, actor, &io))),
               Error);
}

TEST_F(NativeEngineTest, ARestartedActorKnowsThatItWas) {
  internal::CallOptions options;
  options.max_restarts = 1;
  options.max_task_retries = 1;
  ObjectCell* actor = make_actor(1, &options);
  const std::span<const std::byte> none;
  EXPECT_EQ(get(call(actor_restarted, none, no_cells, no_cells, actor)), 0);
  raylet_->declare_a_worker_dead("was struck by lightning");
  // The first worker, a thread here, may still answer.
  eventually([&] { return get(call(actor_restarted, none, no_cells, no_cells, actor)) == 1; });
}

TEST_F(NativeEngineTest, CallsBehindOneThatNeverGoesOutRun) {
  const std::span<const std::byte> none;
  ObjectCell* actor = make_actor(0);
  ObjectCell* slow = call(wait_at_gate, none);
  ObjectCell* cancelled = call(actor_add, none, std::vector{slow}, no_cells, actor);
  ObjectCell* behind = call(actor_add, bytes_of(1), no_cells, no_cells, actor);
  driver_->cancel(*cancelled, false);
  EXPECT_EQ(get(behind), 1);
  ObjectCell* failed = call(actor_add, none, std::vector{call(fail_it, none)}, no_cells, actor);
  behind = call(actor_add, bytes_of(1), no_cells, no_cells, actor);
  EXPECT_EQ(get(behind), 2);
  EXPECT_THROW(get(failed), std::out_of_range);
  open_gate(true);
}

TEST_F(NativeEngineTest, ACallThatIsTooLargeForARingKeepsItsPlace) {
  const std::vector<std::byte> part(60'000, std::byte{1});
  std::vector<ObjectCell*> parts;
  for (int i = 0; i < 5; ++i) parts.push_back(keep(driver_->put(std::span(part), {})));
  ObjectCell* actor = make_actor(0);
  EXPECT_EQ(get(call(actor_add, bytes_of(1), no_cells, no_cells, actor)), 1);
  ObjectCell* large = call(actor_add, bytes_of(10), parts, no_cells, actor);
  ObjectCell* behind = call(actor_add, bytes_of(1), no_cells, no_cells, actor);
  EXPECT_EQ(get(behind), 12);
  EXPECT_EQ(get(large), 11);
}

}  // namespace
}  // namespace ray::core_worker
