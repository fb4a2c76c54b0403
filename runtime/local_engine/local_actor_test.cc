// Actors: their state, their order, their lives.
#include <future>
#include <latch>
#include <string>
#include <vector>

#include "runtime/local_engine/engine_fixture.h"

namespace ray::local_engine {
namespace {

TEST_F(LocalEngineTest, ActorsKeepStateAndOrder) {
  static_assert(sizeof(ActorHandle<Tracker>) == sizeof(void*));
  auto tracker = make_tracker(5);
  std::vector<ObjectRef<int>> counts;
  for (int i = 0; i < 100; ++i) counts.push_back(tracker.add.remote(1));
  std::vector<int> values = ray::get(counts);
  EXPECT_TRUE(std::ranges::is_sorted(values));
  EXPECT_EQ(values.back(), 105);
  auto copy = tracker;
  EXPECT_EQ(copy, tracker);
  EXPECT_EQ(ray::get(copy.count.remote()), 105);
  EXPECT_EQ(ray::get(R submit_method<tracker_add>(tracker.ray$cell, nullptr, ray::put(1))), 106);
  EXPECT_EQ(ray::get(ActorHandle<Tracker>(R create_actor<tracker_new>(nullptr)).count.remote()),
            100);
}

TEST_F(LocalEngineTest, ACallWaitsForItsRefsAndForThoseBeforeIt) {
  auto tracker = make_tracker(0);
  TaskOptions all{.num_cpus = 2};
  auto gate = R submit<gate_id>(&all);
  auto late = R submit<add_id>(nullptr, 1, 1);
  auto first = tracker.add.remote(late);
  auto second = tracker.add.remote(10);
  EXPECT_TRUE(ray::wait(std::vector{first, second}, {.timeout = 10ms}).ready.empty());
  app::gate.set_value();
  EXPECT_EQ(ray::get(first, second), std::tuple(2, 12));
}

TEST_F(LocalEngineTest, AHandleTravelsInsideValues) {
  auto tracker = make_tracker(1);
  auto box = ray::put(std::vector<ActorHandle<Tracker>>{tracker});
  tracker = {};
  EXPECT_EQ(ray::get(box).front().count.remote().get(), 1);
}

TEST_F(LocalEngineTest, AnActorEndsWithItsLastHandleAfterItsCalls) {
  auto tracker = make_tracker(1);
  auto result = tracker.add.remote(1);
  tracker = {};
  EXPECT_EQ(result.get(), 2);
}

TEST_F(LocalEngineTest, KilledActorsFailTheirCalls) {
  auto tracker = make_tracker(1);
  ray::get(tracker.count.remote());
  ray::kill(tracker);
  EXPECT_THROW(ray::get(tracker.count.remote()), ActorDiedError);
  EXPECT_THROW(ray::kill(ActorHandle<Tracker>()), std::invalid_argument);
  EXPECT_THROW(ActorHandle<Tracker>().count.remote(), std::invalid_argument);
}

TEST_F(LocalEngineTest, ARestartedActorBeginsAnew) {
  ActorOptions options{.max_restarts = 1};
  auto tracker = make_tracker(1, &options);
  EXPECT_EQ(ray::get(tracker.add.remote(1)), 2);
  ray::kill(tracker, false);
  EXPECT_EQ(ray::get(tracker.count.remote()), 1);
  ray::kill(tracker, false);
  EXPECT_THROW(ray::get(tracker.count.remote()), ActorDiedError);
}

TEST_F(LocalEngineTest, AConstructorThatThrowsAndAnExitEndTheActor) {
  auto broken = make_tracker(-1);
  try {
    ray::get(broken.count.remote());
    FAIL();
  } catch (const ActorDiedError& e) {
    EXPECT_NE(std::string(e.what()).find("negative"), std::string::npos);
  }
  auto leaver = make_tracker(1);
  EXPECT_THROW(ray::get(R submit_method<tracker_leave>(leaver.ray$cell, nullptr)), ActorDiedError);
  EXPECT_THROW(ray::get(leaver.count.remote()), ActorDiedError);
}

TEST_F(LocalEngineTest, NamedActorsAreFound) {
  ActorOptions options{.name = "tracker"};
  auto tracker = make_tracker(1, &options);
  auto found = ray::get_actor<Tracker>("tracker");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found, tracker);
  EXPECT_FALSE(ray::get_actor<Tracker>("other").has_value());
  EXPECT_FALSE(ray::get_actor<Tracker>("tracker", "elsewhere").has_value());
  EXPECT_THROW(make_tracker(2, &options), std::invalid_argument);
  options.get_if_exists = true;
  EXPECT_EQ(make_tracker(2, &options), tracker);
}

TEST_F(LocalEngineTest, ADetachedActorLivesWithoutHandles) {
  ActorOptions options{.name = "store", .lifetime = Lifetime::detached};
  ray::get(make_tracker(9, &options).count.remote());
  auto found = ray::get_actor<Tracker>("store");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(ray::get(found->count.remote()), 9);
  ray::kill(*found);
  EXPECT_FALSE(ray::get_actor<Tracker>("store").has_value());
}

TEST_F(LocalEngineTest, ConcurrentActorsRunCallsAtOnce) {
  struct Meeting {
    std::latch all{3};
    void meet() { all.arrive_and_wait(); }
  };
  auto meeting = ray::actor<Meeting>().options({.max_concurrency = 3}).remote();
  std::vector<ObjectRef<void>> refs;
  for (int i = 0; i < 3; ++i) refs.push_back(ray::task(meeting, &Meeting::meet).remote());
  EXPECT_EQ(ray::get(refs).size(), 3u);
}

TEST_F(LocalEngineTest, AFullQueueOfCallsIsRefused) {
  ActorOptions options{.max_pending_calls = 1};
  TaskOptions all{.num_cpus = 2};
  auto gate = R submit<gate_id>(&all);
  auto tracker = make_tracker(0, &options);
  auto waits = tracker.add.remote(R submit<add_id>(nullptr, 1, 1));
  EXPECT_THROW(tracker.add.remote(2), PendingCallsLimitExceeded);
  app::gate.set_value();
  EXPECT_EQ(waits.get(), 2);
}

}  // namespace
}  // namespace ray::local_engine
