// Tasks, objects and waiting.
#include <coroutine>
#include <latch>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "runtime/local_engine/engine_fixture.h"

template struct R Register<app::add_id>;
template struct R Register<app::retrieve_id>;

namespace ray::local_engine {
namespace {

TEST_F(LocalEngineTest, FunctionsAreFoundByKeyAndPointerOnce) {
  auto functions = internal::registered_functions();
  EXPECT_TRUE(std::ranges::is_sorted(functions, {}, &internal::FunctionRecord::key));
  EXPECT_EQ(std::ranges::count(functions, std::string_view("retrieve"),
                               [](auto* f) { return std::string_view(f->name); }),
            1);
  EXPECT_EQ(internal::find_function(add_id::info.key()), &internal::Register<add_id>::record);
  auto* pointer = &app::add;
  EXPECT_EQ(internal::find_function(&pointer, &internal::type_tag<decltype(pointer)>),
            &internal::Register<add_id>::record);
  EXPECT_EQ(internal::find_function(7), nullptr);
}

TEST_F(LocalEngineTest, TasksRunWithValuesRefsAndListsOfRefs) {
  auto database = ray::put(std::vector<std::string>{"a", "b"});
  Item item = ray::get(R submit<retrieve_id>(nullptr, 1, database));
  EXPECT_EQ(item.word, "b");
  auto three = R submit<add_id>(nullptr, 1, 2);
  auto six = R submit<add_id>(nullptr, three, three);
  EXPECT_EQ(six.get(), 6);
  std::vector refs{three, six, ray::put(1)};
  EXPECT_EQ(ray::get(R submit<total_id>(nullptr, refs)), 10);
  EXPECT_EQ(ray::get(R submit<total_id>(nullptr, std::vector<int>{1, 2})), 3);
  EXPECT_EQ(ray::get(R submit<total_id>(nullptr, ray::put(std::vector<int>{4}))), 4);
}

TEST_F(LocalEngineTest, SpansAndStringViewsReadInPlace) {
  std::vector<double> numbers(200'000, 0.5);
  EXPECT_EQ(ray::get(R submit<sum_id>(nullptr, ray::put(numbers))), 100'000);
  EXPECT_EQ(ray::get(R submit<sum_id>(nullptr, numbers)), 100'000);
  EXPECT_EQ(ray::get(R submit<length_id>(nullptr, "four")), 4u);
  EXPECT_EQ(ray::get(R submit<length_id>(nullptr, ray::put("fives"))), 5u);
}

TEST_F(LocalEngineTest, ARefParameterReceivesTheRef) {
  auto ref = ray::put(42);
  ObjectRef<ObjectRef<int>> result = R submit<same_id>(nullptr, ref);
  ObjectRef<int> inner = result.get();
  EXPECT_EQ(inner, ref);
  EXPECT_EQ(inner.id(), ref.id());
  ref = {};
  EXPECT_EQ(inner.get(), 42);
}

TEST_F(LocalEngineTest, MoveOnlyAndSeveralResultsTravel) {
  EXPECT_EQ(*ray::get(R submit<box_id>(nullptr, std::make_unique<int>(7))), 7);
  auto [number, text] = R submit<both_id>(nullptr, 5);
  EXPECT_EQ(ray::get(number, text), std::tuple(5, std::string("5")));
}

TEST_F(LocalEngineTest, SelectedOverloadsTakeOptions) {
  internal::ConfiguredTask<add_set> configured{{.num_cpus = 0.5, .name = "sum"}};
  EXPECT_EQ(ray::get(configured.remote(ray::put(1), 2)), 3);
  internal::ConfiguredTask<add_set> wrong{{.num_cpus = -1}};
  EXPECT_THROW(wrong.remote(1, 2), std::invalid_argument);
}

TEST_F(LocalEngineTest, AnExceptionIsRethrownAsItsTypeAndPassesThroughDependents) {
  auto failed = R submit<fail_id>(nullptr, std::string("index 9"));
  try {
    ray::get(failed);
    FAIL();
  } catch (const std::out_of_range& e) {
    EXPECT_STREQ(e.what(), "index 9");
    EXPECT_EQ(dynamic_cast<const TaskError&>(e).function_name(), "fail");
    EXPECT_EQ(dynamic_cast<const TaskError&>(e).node_id(), ray::nodes().front().id);
  }
  auto broken = R submit<retrieve_id>(nullptr, 5, std::vector<std::string>{});
  EXPECT_THROW(ray::get(broken), TaskError);
  auto database = R submit<fail_id>(nullptr, std::string("x"));
  EXPECT_THROW(ray::get(std::vector{database, failed}), std::out_of_range);
}

TEST_F(LocalEngineTest, ADependentOfAFailedTaskFailsWithItsError) {
  auto none = R submit<lucky_id>(nullptr, 1'000'000);
  auto sum = R submit<add_id>(nullptr, none, 1);
  try {
    sum.get();
    FAIL();
  } catch (const TaskError& e) {
    EXPECT_EQ(e.function_name(), "lucky");
  }
}

TEST_F(LocalEngineTest, RetriesFollowTheOptions) {
  TaskOptions retry{.max_retries = 3, .retry_exceptions = true};
  EXPECT_EQ(ray::get(R submit<lucky_id>(&retry, 3)), 3);
  app::attempts = 0;
  TaskOptions listed{.max_retries = 3, .retry_exceptions = exceptions<std::logic_error>()};
  EXPECT_THROW(ray::get(R submit<lucky_id>(&listed, 3)), std::runtime_error);
  EXPECT_EQ(app::attempts, 1);
}

TEST_F(LocalEngineTest, NestedGetsDoNotDeadlock) {
  EXPECT_EQ(ray::get(R submit<depth_id>(nullptr, 30)), 30);
  EXPECT_EQ(ray::get(R submit<fan_id>(nullptr, 300)), 300);
}

TEST_F(LocalEngineTest, TimeoutsAreAnyDuration) {
  auto blocked = R submit<gate_id>(nullptr);
  EXPECT_THROW(ray::get(blocked, 0.001s), GetTimeoutError);
  EXPECT_THROW(ray::get(std::vector{blocked, blocked}, 1ms), GetTimeoutError);
  EXPECT_THROW(ray::get(blocked, -1h), GetTimeoutError);
  EXPECT_THROW(ray::view(ray::put(1 == 1 ? std::string("x") : ""), 0s).get().at(3),
               std::out_of_range);
  app::gate.set_value();
  ray::get(blocked, std::chrono::hours::max());
}

TEST_F(LocalEngineTest, WaitGivesReadyAndRestInOrder) {
  auto blocked = R submit<gate_id>(nullptr);
  auto done = R submit<fail_id>(nullptr, std::string("an error is ready too"));
  auto [ready, rest] = ray::wait(std::vector{blocked, done});
  ASSERT_EQ(ready.size(), 1u);
  EXPECT_EQ(ready[0], done);
  EXPECT_EQ(rest, std::vector{blocked});
  auto none = ray::wait(rest, {.num_returns = 1, .timeout = 1ms});
  EXPECT_TRUE(none.ready.empty());
  EXPECT_EQ(none.rest.size(), 1u);
  EXPECT_THROW(ray::wait(rest, {.num_returns = 2}), std::invalid_argument);
  app::gate.set_value();
  EXPECT_EQ(ray::wait(std::vector{blocked, done}, {.num_returns = 2, .timeout = 7s}).ready.size(),
            2u);
  auto one = ray::wait(std::vector{blocked, done}, {.num_returns = 1});
  EXPECT_EQ(one.ready, std::vector{blocked});
}

TEST_F(LocalEngineTest, ViewsPinTheValue) {
  View<std::vector<int>> view = ray::view(ray::put(std::vector<int>(50'000, 3)));
  EXPECT_EQ(std::accumulate(view.begin(), view.end(), 0), 150'000);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(view.data()) % alignof(int), 0u);
  EXPECT_EQ(ray::view(ray::put("text")).get(), "text");
}

TEST_F(LocalEngineTest, WhatHasNotStartedCanBeCancelled) {
  TaskOptions all{.num_cpus = 2};
  auto running = R submit<gate_id>(&all);
  auto queued = R submit<add_id>(nullptr, 1, 2);
  auto dependent = R submit<add_id>(nullptr, queued, 2);
  ray::cancel(queued);
  EXPECT_THROW(ray::get(queued), TaskCancelledError);
  EXPECT_THROW(ray::get(dependent), TaskCancelledError);
  ray::cancel(running);
  app::gate.set_value();
  ray::get(running);
}

TEST_F(LocalEngineTest, ResourcesBoundWhatRuns) {
  TaskOptions licence{.num_cpus = 0, .resources = {{"licence", 1}}};
  auto holder = R submit<gate_id>(&licence);
  auto next = R submit<depth_id>(&licence, 0);
  EXPECT_EQ(ray::wait(std::vector{next}, {.timeout = 20ms}).ready.size(), 0u);
  EXPECT_EQ(R submit<depth_id>(nullptr, 0).get(), 0);
  EXPECT_EQ(ray::available_resources().at("licence"), 0);
  app::gate.set_value();
  EXPECT_EQ(next.get(), 0);
  EXPECT_EQ(ray::cluster_resources().at("CPU"), 2);

  TaskOptions impossible{.num_gpus = 8};
  auto pending = R submit<depth_id>(&impossible, 0);
  EXPECT_THROW(ray::get(pending, 10ms), GetTimeoutError);
}

int twice(int n) { return 2 * n; }

TEST_F(LocalEngineTest, PlainCallsNeedNoGeneratedCode) {
  EXPECT_EQ(ray::get(ray::task(twice).remote(21)), 42);
  EXPECT_EQ(ray::get(ray::task(twice).options({.name = "t"}).remote(ray::put(4))), 8);
  EXPECT_EQ(ray::get(ray::task(app::add).remote(1, 2)), 3);
  auto plain = ray::actor<Plain>().remote("name", 3);
  EXPECT_EQ(ray::get(ray::task(plain, &Plain::name).remote()), "name");
  EXPECT_EQ(ray::get(ray::task(plain, &Plain::add).remote(ray::put(4))), 7);
  auto tracker = make_tracker(1);
  EXPECT_EQ(ray::get(ray::task(tracker, &Tracker::add).remote(1)), 2);
}

struct Coroutine {
  struct promise_type {
    Coroutine get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Coroutine add_up(ObjectRef<int> a, ObjectRef<int> b, std::promise<int>& result) {
  int sum = co_await a;
  sum += co_await b;
  result.set_value(sum);
}

TEST_F(LocalEngineTest, RefsCanBeAwaitedByCoroutines) {
  std::promise<int> result;
  add_up(R submit<add_id>(nullptr, 1, 2), ray::put(4), result);
  EXPECT_EQ(result.get_future().get(), 7);
}

TEST_F(LocalEngineTest, TheContextSaysWhatRuns) {
  EXPECT_FALSE(ray::runtime_context().node_id.empty());
  EXPECT_TRUE(ray::runtime_context().task_id.empty());
  struct Asks {
    std::string actor_id() { return ray::runtime_context().actor_id; }
  };
  auto asks = ray::actor<Asks>().remote();
  EXPECT_EQ(ray::get(ray::task(asks, &Asks::actor_id).remote()), to_string(ray::actor_id(asks)));
}

TEST_F(LocalEngineTest, ManyThreadsMaySubmitAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> sum = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) sum += ray::get(R submit<add_id>(nullptr, i, 1));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 4 * 5050);
}

TEST_F(LocalEngineTest, RefsOutliveTheEngineAndThenThrow) {
  auto ref = ray::put(1);
  EXPECT_THROW(ray::init(), std::logic_error);
  ray::shutdown();
  EXPECT_FALSE(ray::is_initialized());
  EXPECT_THROW(ref.get(), Error);
  EXPECT_THROW(ray::put(1), Error);
  EXPECT_THROW(ray::init({.engine = "steam"}), std::invalid_argument);
  ray::init();
  EXPECT_THROW(ref.get(), Error);
  EXPECT_EQ(ray::get(ray::put(2)), 2);
}

}  // namespace
}  // namespace ray::local_engine
