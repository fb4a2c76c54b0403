// Tasks, objects and references, and what becomes of them when somebody dies.
#include <atomic>
#include <thread>
#include <vector>

#include "runtime/core_worker/engine_fixture.h"

namespace ray::core_worker {
namespace {

TEST_F(NativeEngineTest, RunsTasksOneByOneAndManyAtOnce) {
  for (int i = 0; i < 200; ++i) EXPECT_EQ(get(call(add_one, bytes_of(i))), i + 1);
  std::vector<ObjectCell*> results;
  for (int i = 0; i < 5000; ++i) results.push_back(call(add_one, bytes_of(i)));
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(get(results[static_cast<std::size_t>(i)]), i + 1);
}

TEST_F(NativeEngineTest, WaitsForDependenciesAndPassesTheirErrorsOn) {
  const std::span<const std::byte> none;
  ObjectCell* value = call(add_one, bytes_of(0));
  for (int i = 0; i < 100; ++i) value = call(add_one, none, std::vector{value});
  EXPECT_EQ(get(value), 101);
  ObjectCell* failed = call(fail_it, none);
  ObjectCell* after = call(add_one, none, std::vector{failed});
  EXPECT_THROW(get(after), std::out_of_range);
}

TEST_F(NativeEngineTest, LargeValuesTravelThroughTheStoreAndAreFreed) {
  const std::span<const std::byte> none;
  internal::Buffer buffer = driver_->allocate(300'000);
  std::memset(buffer.data, 2, buffer.size);
  ObjectCell* put = keep(driver_->put(buffer, {}));
  EXPECT_EQ(get(call(sum_bytes, none, std::vector{put})), 600'000);
  const int size = 500'000;
  ObjectCell* made = call(make_bytes, bytes_of(size));
  EXPECT_EQ(get(call(sum_bytes, none, std::vector{made})), 500'000);
  EXPECT_EQ(driver_->get(*made, std::nullopt).bytes.size(), 500'000u);
  EXPECT_EQ(raylet_->stored_objects(), 2u);
  forget_all();
  eventually([&] { return raylet_->stored_objects() == 0; });
}

TEST_F(NativeEngineTest, TasksThatWaitForTasksEnd) {
  EXPECT_EQ(get(call(count_down, bytes_of(12))), 12);
  std::vector<ObjectCell*> results;
  for (int i = 0; i < 20; ++i) results.push_back(call(count_down, bytes_of(2)));
  for (ObjectCell* result : results) EXPECT_EQ(get(result), 2);
}

TEST_F(NativeEngineTest, ATaskBehindOneThatWaitsForItIsTakenBack) {
  const std::span<const std::byte> none;
  ObjectCell* slow = call(wait_at_gate, none);
  ObjectCell* waits = call(get_nested, none, std::vector<ObjectCell*>{}, std::vector{slow});
  ObjectCell* more = call(add_one, bytes_of(1));
  EXPECT_EQ(get(more), 2);
  open_gate(true);
  EXPECT_EQ(get(waits), 7);
}

TEST_F(NativeEngineTest, ReferencesTravelAndOutliveTheTaskThatMadeThem) {
  ObjectCell* outer = call(return_nested, bytes_of(40));
  const internal::Value value = driver_->get(*outer, std::nullopt);
  ASSERT_EQ(value.nested.size(), 1u);
  ObjectCell* inner = value.nested[0];
  internal::acquire(inner);
  keep(inner);
  EXPECT_EQ(get(inner), 41);
}

TEST_F(NativeEngineTest, AWorkersDeathIsARetryOrAnError) {
  const std::span<const std::byte> none;
  ObjectCell* retried = call(wait_at_gate, none);
  eventually([] { return at_gate.load() == 1; });
  raylet_->declare_a_worker_dead("was struck by lightning");
  eventually([] { return at_gate.load() == 2; });
  internal::CallOptions options;
  options.max_retries = 0;
  internal::Submission once;
  once.function = &wait_at_gate;
  once.options = &options;
  ObjectCell* lost = nullptr;
  driver_->submit(once, std::span(&lost, 1));
  keep(lost);
  eventually([] { return at_gate.load() == 3; });
  for (int i = 0; i < 2; ++i) raylet_->declare_a_worker_dead("was struck by lightning");
  EXPECT_THROW(get(lost), WorkerCrashedError);
  open_gate(true);
  EXPECT_EQ(get(retried), 7);
}

TEST_F(NativeEngineTest, WaitsEndAtTheirDeadlinesAndWithWhatIsReady) {
  const std::span<const std::byte> none;
  ObjectCell* slow = call(wait_at_gate, none);
  EXPECT_THROW(driver_->get(*slow, std::chrono::steady_clock::now() + 20ms), GetTimeoutError);
  ObjectCell* quick = call(add_one, bytes_of(1));
  ObjectCell* cells[] = {slow, quick};
  bool ready[2] = {};
  driver_->wait(cells, 1, std::nullopt, true, ready);
  EXPECT_FALSE(ready[0]);
  EXPECT_TRUE(ready[1]);
  std::atomic<bool> told{false};
  driver_->when_ready(*slow, [&] { told = true; });
  EXPECT_FALSE(told);
  open_gate(true);
  driver_->wait(cells, 2, std::nullopt, true, ready);
  EXPECT_TRUE(ready[0]);
  eventually([&] { return told.load(); });
}

TEST_F(NativeEngineTest, WhatHasNotBegunCanBeCancelled) {
  const std::span<const std::byte> none;
  std::vector<ObjectCell*> tasks;
  for (int i = 0; i < 8; ++i) tasks.push_back(call(wait_at_gate, none));
  driver_->cancel(*tasks.back(), false);
  EXPECT_THROW(get(tasks.back()), TaskCancelledError);
  open_gate(true);
  tasks.pop_back();
  for (ObjectCell* task : tasks) EXPECT_EQ(get(task), 7);
}

TEST_F(NativeEngineTest, TasksRunInPlaceWhereEnoughWorkersAreBlocked) {
  raylet_->set_blocked_max(3);
  EXPECT_EQ(get(call(count_down, bytes_of(50))), 50);
  std::vector<ObjectCell*> results;
  for (int i = 0; i < 100; ++i) results.push_back(call(count_down, bytes_of(3)));
  for (ObjectCell* result : results) EXPECT_EQ(get(result), 3);
  EXPECT_LE(workers_started_, 3u + 2u);  // those that are blocked, those that run
}

TEST_F(NativeEngineTest, CallsAndResultsOfAnySizeArrive) {
  const std::vector<ObjectCell*> none;
  std::vector<ObjectCell*> parts;
  const std::vector<std::byte> part(60'000, std::byte{1});
  for (int i = 0; i < 20; ++i) parts.push_back(keep(driver_->put(std::span(part), {})));
  EXPECT_EQ(get(call(sum_all, bytes_of(20), parts)), 1'200'000);
  ObjectCell* actor = make_actor(0);
  // What comes behind a large call does not overtake it.
  ObjectCell* many = call(give_back, bytes_of(20'000), none, std::vector{parts[0]});
  EXPECT_EQ(driver_->get(*many, std::nullopt).nested.size(), 20'000u);
  EXPECT_EQ(get(call(actor_add, bytes_of(1), none, none, actor)), 1);
  // The same value for a borrower, which asks its owner.
  const std::span<const std::byte> nothing;
  EXPECT_EQ(get(call(actor_keep, nothing, none, std::vector{many}, actor)), 0);
  EXPECT_EQ(get(call(actor_use, nothing, none, none, actor)), 0);
  EXPECT_EQ(get(call(actor_keep, nothing, none, std::vector{parts[0]}, actor)), 0);
  forget_all();
  eventually([&] { return raylet_->stored_objects() == 0; });
}

TEST_F(NativeEngineTest, WhoBorrowsARefMayCancelItsTask) {
  const std::span<const std::byte> none;
  ObjectCell* slow = call(wait_at_gate, none);
  ObjectCell* after = call(add_one, none, std::vector{slow});
  call(cancel_nested, none, std::vector<ObjectCell*>{}, std::vector{after});
  EXPECT_THROW(get(after), TaskCancelledError);
  open_gate(true);
}

TEST_F(NativeEngineTest, TheGpusOfALeaseAreShown) {
  internal::CallOptions gpu;
  gpu.num_gpus = 1;
  EXPECT_EQ(get(keep(submit(*driver_, add_one, bytes_of(1), {}, {}, nullptr, &gpu))), 2);
  std::lock_guard lock(shown_mutex_);
  EXPECT_EQ(shown_gpus_, (std::vector<std::vector<std::int32_t>>{{FakeRaylet::kGpu}}));
}

TEST_F(NativeEngineTest, ManyThreadsSubmitAndGet) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 300; ++i) {
        ObjectCell* cell = submit(*driver_, add_one, bytes_of(i));
        EXPECT_EQ(get(cell), i + 1);
        internal::drop(cell);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(NativeEngineTest, LeasesGoBackWhenThereIsNoWork) {
  EXPECT_EQ(get(call(add_one, bytes_of(1))), 2);
  eventually([&] { return raylet_->leases() == 0; });
}

TEST_F(NativeEngineTest, TheRayletsDeathFailsEveryWaitAtOnce) {
  ObjectCell* slow = call(wait_at_gate, std::span<const std::byte>());
  std::thread waiting([&] { EXPECT_THROW(get(slow), Error); });
  eventually([] { return at_gate.load() == 1; });
  raylet_->close_all();
  waiting.join();
  EXPECT_THROW(call(add_one, bytes_of(1)), Error);
  open_gate(true);
}

}  // namespace
}  // namespace ray::core_worker
