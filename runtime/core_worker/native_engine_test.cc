#include "runtime/core_worker/native_engine.h"

#include <gtest/gtest.h>
#include <ray/error.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "runtime/core_worker/fake_raylet.h"

namespace ray::core_worker {
namespace {

using internal::Cells;
using internal::Execution;
using internal::FunctionRecord;
using internal::ObjectCell;
using namespace std::chrono_literals;

thread_local NativeEngine* engine_here = nullptr;  // of the worker whose thread this is

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}
template <class T>
T value_in(std::span<const std::byte> bytes) {
  T value{};
  EXPECT_EQ(bytes.size(), sizeof value);
  if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}
void give(Execution& execution, int value, Cells nested = {}) {
  std::memcpy(execution.result(0, sizeof value, nested), &value, sizeof value);
}
void fail_with_current(Execution& execution) {
  execution.fail(internal::encode_error(internal::current_exception_record("f", "f", "")));
}

// A gate that tasks of a test wait at.
std::mutex gate_mutex;
std::condition_variable gate_changed;
bool gate_open = false;
std::atomic<int> at_gate{0};
void open_gate(bool open) {
  std::lock_guard lock(gate_mutex);
  gate_open = open;
  gate_changed.notify_all();
}

FunctionRecord add_one, fail_it, wait_at_gate, sum_bytes, make_bytes, count_down, get_nested,
    return_nested, actor_new, actor_add, actor_keep, actor_use;
std::set<FunctionRecord*> all_functions;

int own_argument(Execution& execution) {
  return execution.arguments.empty() ? value_in<int>(execution.dependency(0).bytes)
                                     : value_in<int>(execution.arguments);
}

void define(FunctionRecord& record, std::uint64_t key, const char* name,
            void (*dispatch)(Execution&), FunctionRecord::Kind kind = FunctionRecord::Kind::task) {
  record.key = key;
  record.name = name;
  record.kind = kind;
  record.dispatch = dispatch;
  record.options = nullptr;
  all_functions.insert(&record);
}

int get_int(NativeEngine& engine, ObjectCell* cell) {
  const internal::Value value = engine.get(*cell, std::nullopt);
  if (value.is_error) internal::throw_error(value.bytes);
  return value_in<int>(value.bytes);
}

ObjectCell* submit(NativeEngine& engine, FunctionRecord& function,
                   std::span<const std::byte> arguments, std::vector<ObjectCell*> dependencies = {},
                   std::vector<ObjectCell*> nested = {}, ObjectCell* actor = nullptr) {
  internal::Submission call;
  call.function = &function;
  call.arguments = arguments;
  call.dependencies = dependencies;
  call.nested = nested;
  call.actor = actor;
  ObjectCell* result = nullptr;
  engine.submit(call, std::span(&result, 1));
  return result;
}

struct Kept {
  int value = 0;
  ObjectCell* ref = nullptr;
  ~Kept() { internal::drop(ref); }
};

void define_tasks() {
  define(add_one, 1, "add_one", [](Execution& e) { give(e, own_argument(e) + 1); });
  define(fail_it, 2, "fail_it", [](Execution& e) {
    try {
      throw std::out_of_range("no such thing");
    } catch (...) {
      fail_with_current(e);
    }
  });
  define(wait_at_gate, 3, "wait_at_gate", [](Execution& e) {
    ++at_gate;
    std::unique_lock lock(gate_mutex);
    gate_changed.wait(lock, [] { return gate_open; });
    give(e, 7);
  });
  define(sum_bytes, 4, "sum_bytes", [](Execution& e) {
    int sum = 0;
    const auto bytes = e.arguments.empty() ? e.dependency(0).bytes : e.arguments;
    for (const std::byte byte : bytes) sum += static_cast<int>(byte);
    give(e, sum);
  });
  define(make_bytes, 5, "make_bytes", [](Execution& e) {
    const int size = own_argument(e);
    std::memset(e.result(0, static_cast<std::size_t>(size), {}), 1, static_cast<std::size_t>(size));
  });
  define(count_down, 6, "count_down", [](Execution& e) {
    const int n = own_argument(e);
    if (n == 0) return give(e, 0);
    ObjectCell* below = submit(*engine_here, count_down, bytes_of(n - 1));
    give(e, 1 + get_int(*engine_here, below));
    internal::drop(below);
  });
  define(get_nested, 7, "get_nested", [](Execution& e) {
    try {
      give(e, get_int(*engine_here, e.nested[0]));
    } catch (...) {
      fail_with_current(e);
    }
  });
  define(return_nested, 8, "return_nested", [](Execution& e) {
    ObjectCell* made = submit(*engine_here, add_one, bytes_of(own_argument(e)));
    give(e, 0, std::span(&made, 1));
    internal::drop(made);
  });
}

void define_actor() {
  using Kind = FunctionRecord::Kind;
  define(
      actor_new, 20, "Kept::Kept",
      [](Execution& e) {
        const int start = own_argument(e);
        if (start < 0) {
          try {
            throw std::invalid_argument("negative");
          } catch (...) {
            return fail_with_current(e);
          }
        }
        e.construct(new Kept{start, nullptr},
                    [](void* object) { delete static_cast<Kept*>(object); });
      },
      Kind::constructor);
  define(
      actor_add, 21, "Kept::add",
      [](Execution& e) {
        auto& kept = *static_cast<Kept*>(e.instance);
        give(e, kept.value += own_argument(e));
      },
      Kind::method);
  define(
      actor_keep, 22, "Kept::keep",
      [](Execution& e) {
        auto& kept = *static_cast<Kept*>(e.instance);
        internal::acquire(e.nested[0]);
        internal::drop(std::exchange(kept.ref, e.nested[0]));
        give(e, 0);
      },
      Kind::method);
  define(
      actor_use, 23, "Kept::use",
      [](Execution& e) { give(e, get_int(*engine_here, static_cast<Kept*>(e.instance)->ref)); },
      Kind::method);
}

FunctionRecord* find_test_function(std::uint64_t key) {
  for (FunctionRecord* record : all_functions) {
    if (record->key == key) return record;
  }
  return nullptr;
}

class NativeEngineTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    define_tasks();
    define_actor();
  }

  void SetUp() override {
    open_gate(false);
    at_gate = 0;
    raylet_ = std::make_unique<FakeRaylet>(
        2, [this](base::UniqueFd socket) { start_worker(std::move(socket)); });
    driver_ = connect(ipc::ProcessKind::driver, raylet_->connect());
  }

  void TearDown() override {
    open_gate(true);
    for (ObjectCell* cell : refs_) internal::drop(cell);
    driver_->shutdown();
    raylet_->close_all();
    for (std::thread& thread : workers_) thread.join();
    driver_.reset();
    raylet_.reset();
  }

  std::unique_ptr<NativeEngine> connect(ipc::ProcessKind kind, base::UniqueFd socket) {
    NativeOptions options;
    options.control = std::move(socket);
    options.hello.kind = kind;
    options.find_function = find_test_function;
    options.log = &log_;
    auto engine = NativeEngine::connect(std::move(options));
    // A worker may come up just as its test ends.
    if (kind == ipc::ProcessKind::driver) EXPECT_TRUE(engine.ok()) << engine.status();
    return engine.ok() ? *std::move(engine) : nullptr;
  }

  void start_worker(base::UniqueFd socket) {
    auto held = std::make_shared<base::UniqueFd>(std::move(socket));
    workers_.emplace_back([this, held] {
      auto engine = connect(ipc::ProcessKind::worker, std::move(*held));
      if (engine == nullptr) return;
      engine_here = engine.get();
      engine->run_worker();
      engine->shutdown();
    });
  }

  ObjectCell* keep(ObjectCell* cell) {
    refs_.push_back(cell);
    return cell;
  }
  template <class... A>
  ObjectCell* call(FunctionRecord& function, A... a) {
    return keep(submit(*driver_, function, a...));
  }
  int get(ObjectCell* cell) { return get_int(*driver_, cell); }
  void forget_all() {
    for (ObjectCell* cell : std::exchange(refs_, {})) internal::drop(cell);
  }
  template <class Done>
  void eventually(Done done) {
    bool is_done = done();
    for (int i = 0; i < 2000 && !is_done; ++i) {
      std::this_thread::sleep_for(5ms);
      is_done = done();
    }
    EXPECT_TRUE(is_done);
  }
  ObjectCell* make_actor(int start, const internal::CallOptions* options = nullptr) {
    internal::Submission constructor;
    constructor.function = &actor_new;
    constructor.options = options;
    constructor.arguments = bytes_of(start);
    return keep(driver_->create_actor(constructor));
  }

  base::StderrLog log_;
  std::unique_ptr<FakeRaylet> raylet_;
  std::unique_ptr<NativeEngine> driver_;
  std::vector<std::thread> workers_;
  std::vector<ObjectCell*> refs_;
};

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

TEST_F(NativeEngineTest, AnActorKeepsItsOrderItsStateAndReferences) {
  const std::span<const std::byte> none;
  ObjectCell* actor = make_actor(100);
  const std::vector<ObjectCell*> no_cells;
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
