// LocalEngineTest runs each test in a local engine of its own; and the program that its tests call:
// functions and classes, and beside them what ray-cc generates for them.
#pragma once

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

#include "runtime/local_engine/local_engine.h"

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

inline int add(int a, int b) { return a + b; }
inline Item retrieve(int item, const std::vector<std::string>& database) {
  return {item, database.at(item)};
}
inline double sum(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}
inline std::size_t length(std::string_view text) { return text.size(); }
inline int total(std::vector<int> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0);
}
inline ray::ObjectRef<int> same(ray::ObjectRef<int> ref) { return ref; }
inline void fail(const std::string& message) { throw std::out_of_range(message); }
inline std::unique_ptr<int> box(std::unique_ptr<int> value) { return value; }
inline std::tuple<int, std::string> both(int number) { return {number, std::to_string(number)}; }

inline std::atomic<int> attempts = 0;
inline int lucky(int at) {
  if (++attempts < at) throw std::runtime_error("not yet");
  return attempts;
}

inline int depth(int n);
inline int fan(int n);

inline std::promise<void> gate;
inline void wait_at_gate() { gate.get_future().wait(); }

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
  static constexpr R FunctionInfo info{.name = "app::Tracker::Tracker",
                                       .signature = "Tracker (int)"};
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

inline int depth(int n) { return n == 0 ? 0 : 1 + ray::get(R submit<depth_id>(nullptr, n - 1)); }
inline int fan(int n) {
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < n; ++i) refs.push_back(R submit<depth_id>(nullptr, 1));
  std::vector<int> values = ray::get(refs);
  return std::accumulate(values.begin(), values.end(), 0);
}

}  // namespace app

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

inline ActorHandle<Tracker> make_tracker(int start, const ActorOptions* options = nullptr) {
  return R create_actor<tracker_new>(options, start);
}

}  // namespace ray::local_engine
