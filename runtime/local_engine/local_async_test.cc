// Async actors, and what is left of their calls when they end.
#include <ray/async.h>

#include "runtime/local_engine/engine_fixture.h"

namespace app {

class Gate {
 public:
  ~Gate() { EXPECT_EQ(inside, 0) << "the object ended before the coroutines of its calls"; }

  ray::Task<int> pass() {
    const Inside here;
    while (!open_) co_await changed_;
    co_return ++passed_;
  }
  ray::Task<int> second_time() {
    const int attempt = ++attempts;
    co_await ray::put(1);
    if (attempt == 1) throw std::runtime_error("not yet");
    co_return attempt;
  }
  ray::Task<> leave() {
    co_await ray::put(1);
    ray::exit_actor();
  }
  int open() {
    open_ = true;
    changed_.notify_all();
    return inside;
  }

  static inline std::atomic<int> inside = 0;

 private:
  struct Inside {
    Inside() { ++inside; }
    ~Inside() { --inside; }
  };
  bool open_ = false;
  int passed_ = 0;
  ray::Condition changed_;
};

struct gate_new {
  using type = Gate();
  using object = Gate;
  static constexpr bool is_async = true;
  static constexpr R FunctionInfo info{.name = "Gate::Gate", .signature = "Gate ()"};
  static ::ray::ActorOptions options() { return {}; }
  static std::unique_ptr<Gate> call() { return std::make_unique<Gate>(); }
};

#define METHOD(ID, NAME, TYPE, ...)                                                   \
  struct ID {                                                                         \
    using type = TYPE;                                                                \
    using object = Gate;                                                              \
    static constexpr R FunctionInfo info{.name = "Gate::" #NAME, .signature = #TYPE}; \
    static ::ray::MethodOptions options() { return {__VA_ARGS__}; }                   \
    static decltype(auto) call(Gate& object) { return object.NAME(); }                \
  }
METHOD(gate_pass, pass, ray::Task<int>());
METHOD(gate_second_time, second_time, ray::Task<int>(), .retry_exceptions = true,
       .max_task_retries = 3);
METHOD(gate_leave, leave, ray::Task<>());
METHOD(gate_open, open, int());

}  // namespace app

namespace ray::local_engine {
namespace {

class LocalAsyncTest : public LocalEngineTest {
 protected:
  void start(const ActorOptions& options = {}) { gate_ = R create_actor<gate_new>(&options); }
  template <class M>
  auto call() {
    return R submit_method<M>(gate_.ray$cell, nullptr);
  }
  ActorHandle<Gate> gate_;
};

TEST_F(LocalAsyncTest, CallsWaitTogetherAndEndInTheirOrder) {
  start();
  std::vector<ObjectRef<int>> passes;
  for (int i = 0; i < 100; ++i) passes.push_back(call<gate_pass>());
  EXPECT_EQ(ray::get(call<gate_open>()), 100);
  const std::vector<int> values = ray::get(passes);
  EXPECT_TRUE(std::ranges::is_sorted(values));
  EXPECT_EQ(values.back(), 100);
}

TEST_F(LocalAsyncTest, MoreCallsThanItsConcurrencyHaveNotBegun) {
  start({.max_concurrency = 3});
  std::vector<ObjectRef<int>> passes;
  for (int i = 0; i < 2; ++i) passes.push_back(call<gate_pass>());
  auto open = call<gate_open>();
  for (int i = 0; i < 4; ++i) passes.push_back(call<gate_pass>());
  EXPECT_EQ(ray::get(open), 2);
  EXPECT_EQ(ray::get(passes).back(), 6);
}

TEST_F(LocalAsyncTest, AnExceptionBehindAWaitIsRetried) {
  start();
  EXPECT_EQ(ray::get(call<gate_second_time>()), 2);
}

TEST_F(LocalAsyncTest, ACancelledCallEndsAtItsWaitAndIsNotRunAgain) {
  start({.max_task_retries = 3});
  auto pass = call<gate_pass>();
  auto other = call<gate_pass>();
  while (Gate::inside != 2) std::this_thread::sleep_for(1ms);
  ray::cancel(pass);
  EXPECT_THROW(ray::get(pass), TaskCancelledError);
  EXPECT_EQ(ray::get(call<gate_open>()), 1);
  EXPECT_EQ(ray::get(other), 1);
}

TEST_F(LocalAsyncTest, AKilledActorTakesItsCoroutinesAlong) {
  start();
  auto pass = call<gate_pass>();
  while (Gate::inside == 0) std::this_thread::sleep_for(1ms);
  ray::kill(gate_);
  EXPECT_THROW(ray::get(pass), ActorDiedError);
  while (Gate::inside != 0) std::this_thread::sleep_for(1ms);
}

TEST_F(LocalAsyncTest, ARestartedActorHasNothingOfThoseThatWaited) {
  start({.max_restarts = 1});
  auto pass = call<gate_pass>();
  while (Gate::inside == 0) std::this_thread::sleep_for(1ms);
  ray::kill(gate_, false);
  EXPECT_THROW(ray::get(pass), ActorDiedError);
  EXPECT_EQ(ray::get(call<gate_open>()), 0);
}

TEST_F(LocalAsyncTest, ACallThatEndsTheActorEndsTheOthers) {
  start();
  auto pass = call<gate_pass>();
  EXPECT_THROW(ray::get(call<gate_leave>()), ActorDiedError);
  EXPECT_THROW(ray::get(pass), ActorDiedError);
}

TEST_F(LocalAsyncTest, GroupsNeedThreadsWhichAnAsyncActorHasNot) {
  start({.concurrency_groups = {{"io", 2}}});
  EXPECT_THROW(ray::get(call<gate_open>()), ActorDiedError);
}

}  // namespace
}  // namespace ray::local_engine
