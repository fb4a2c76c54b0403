#include "runtime/local_engine/local_engine.h"

#include <gtest/gtest.h>
#include <ray/ray.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <coroutine>
#include <future>
#include <latch>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

// The identities below are what ray-cc generates for the functions beside them.
#define R ::ray::internal::
#define IDENTITY(ID, FUNCTION, ...)                                                        \
  struct ID {                                                                              \
    using type = __VA_ARGS__;                                                              \
    static constexpr R FunctionInfo info{                                                  \
        .name = #FUNCTION, .signature = #__VA_ARGS__, .file = "app.cc", .line = __LINE__}; \
    static ::ray::TaskOptions options() { return {}; }                                     \
    template <class... A>                                                                  \
    static decltype(auto) call(A&&... a) {                                                 \
      return ::app::FUNCTION(static_cast<A&&>(a)...);                                      \
    }                                                                                      \
    static constexpr auto pointer = &::app::FUNCTION;                                      \
  }

namespace app {

struct Item {
  int index = 0;
  std::string word;
};

int add(int a, int b) { return a + b; }
Item retrieve(int item, const std::vector<std::string>& database) {
  return {item, database.at(item)};
}
double sum(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}
std::size_t length(std::string_view text) { return text.size(); }
int total(std::vector<int> numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0); }
ray::ObjectRef<int> same(ray::ObjectRef<int> ref) { return ref; }
void fail(const std::string& message) { throw std::out_of_range(message); }
std::unique_ptr<int> box(std::unique_ptr<int> value) { return value; }
std::tuple<int, std::string> both(int number) { return {number, std::to_string(number)}; }

std::atomic<int> attempts = 0;
int lucky(int at) {
  if (++attempts < at) throw std::runtime_error("not yet");
  return attempts;
}

int depth(int n);
int fan(int n);

std::promise<void> gate;
void wait_at_gate() { gate.get_future().wait(); }

class Tracker {
 public:
  explicit Tracker(int start) : count_(start) {
    if (start < 0) throw std::invalid_argument("negative");
    ++alive;
  }
  ~Tracker() { --alive; }
  int add(int n) { return count_ += n; }
  int count() const { return count_; }
  void leave() { ray::exit_actor(); }

  static inline std::atomic<int> alive = 0;

  struct ray$methods;

 private:
  int count_;
};

class Plain {
 public:
  explicit Plain(std::string name, int number = 0) : name_(std::move(name)), number_(number) {}
  std::string name() const { return name_; }
  int add(int n) { return number_ += n; }

 private:
  std::string name_;
  int number_;
};

struct tracker_new {
  using type = Tracker(int);
  using object = Tracker;
  static constexpr R FunctionInfo info{.name = "Tracker::Tracker", .signature = "Tracker (int)"};
  static ::ray::ActorOptions options() { return {.num_cpus = 0}; }
  template <class... A>
  static std::unique_ptr<Tracker> call(A&&... a) {
    return std::make_unique<Tracker>(static_cast<A&&>(a)...);
  }
  static int default_argument(R Index<0>) { return 100; }
};
struct tracker_add {
  using type = int(int);
  using object = Tracker;
  static constexpr R FunctionInfo info{.name = "Tracker::add", .signature = "int (int)"};
  static ::ray::MethodOptions options() { return {}; }
  template <class... A>
  static decltype(auto) call(Tracker& object, A&&... a) {
    return object.add(static_cast<A&&>(a)...);
  }
  static constexpr auto pointer = &Tracker::add;
};
struct tracker_count {
  using type = int();
  using object = Tracker;
  static constexpr R FunctionInfo info{.name = "Tracker::count", .signature = "int () const"};
  static ::ray::MethodOptions options() { return {}; }
  static decltype(auto) call(Tracker& object) { return object.count(); }
};
struct tracker_leave {
  using type = void();
  using object = Tracker;
  static constexpr R FunctionInfo info{.name = "Tracker::leave", .signature = "void ()"};
  static ::ray::MethodOptions options() { return {}; }
  static decltype(auto) call(Tracker& object) { return object.leave(); }
};

struct Tracker::ray$methods {
  struct ray$add : R MethodProxy {
    template <class A>
    ray::ObjectRef<int> remote(A&& a) const {
      return R submit_method<tracker_add>(ray$cell, nullptr, static_cast<A&&>(a));
    }
  };
  struct ray$count : R MethodProxy {
    ray::ObjectRef<int> remote() const { return R submit_method<tracker_count>(ray$cell, nullptr); }
  };
  union {
    R ObjectCell* ray$cell;
    ray$add add;
    ray$count count;
  };
};

IDENTITY(add_id, add, int(int, int));
IDENTITY(retrieve_id, retrieve, Item(int, const std::vector<std::string>&));
IDENTITY(sum_id, sum, double(std::span<const double>));
IDENTITY(length_id, length, std::size_t(std::string_view));
IDENTITY(total_id, total, int(std::vector<int>));
IDENTITY(same_id, same, ray::ObjectRef<int>(ray::ObjectRef<int>));
IDENTITY(fail_id, fail, void(const std::string&));
IDENTITY(box_id, box, std::unique_ptr<int>(std::unique_ptr<int>));
IDENTITY(lucky_id, lucky, int(int));
IDENTITY(depth_id, depth, int(int));
IDENTITY(fan_id, fan, int(int));
IDENTITY(gate_id, wait_at_gate, void());

struct both_id {
  using type = std::tuple<int, std::string>(int);
  static constexpr R FunctionInfo info{.name = "both", .signature = "", .num_returns = 2};
  static ::ray::TaskOptions options() { return {}; }
  static decltype(auto) call(int number) { return both(number); }
};

// A set of overloads, and what f.options({...}) gives.
struct add_set {
  static R selected<add_id, ray::ObjectRef<int>> select(int, int);
};

int depth(int n) { return n == 0 ? 0 : 1 + ray::get(R submit<depth_id>(nullptr, n - 1)); }
int fan(int n) {
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < n; ++i) refs.push_back(R submit<depth_id>(nullptr, 1));
  std::vector<int> values = ray::get(refs);
  return std::accumulate(values.begin(), values.end(), 0);
}

}  // namespace app

template struct R Register<app::add_id>;
template struct R Register<app::retrieve_id>;

template <>
struct ray::access::fields<app::Item> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v("index", x.index);
    v("word", x.word);
  }
};

namespace ray::local_engine {
namespace {

using namespace app;
using namespace std::chrono_literals;

class LocalEngineTest : public testing::Test {
 protected:
  LocalEngineTest() {
    static LocalBootstrap bootstrap;
    internal::install_engine("local", bootstrap);
    app::attempts = 0;
    app::gate = std::promise<void>();
    ray::init({.num_cpus = 2, .resources = {{"licence", 1}}});
  }
  ~LocalEngineTest() override {
    ray::shutdown();
    EXPECT_EQ(Tracker::alive, 0);
  }
};

ActorHandle<Tracker> make_tracker(int start, const ActorOptions* options = nullptr) {
  return R create_actor<tracker_new>(options, start);
}

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
