#include "runtime/core_worker/engine_fixture.h"

#include <ray/cluster.h>

#include <condition_variable>
#include <set>

namespace ray::core_worker {

FunctionRecord add_one, fail_it, wait_at_gate, sum_bytes, sum_all, make_bytes, count_down,
    get_nested, return_nested, give_back, cancel_nested, yield_ints, yield_fails, yield_gated,
    yield_bytes, yield_many, yield_refs, actor_new, actor_add, actor_keep, actor_use, actor_meet,
    actor_restarted;

namespace {

thread_local NativeEngine* engine_here = nullptr;  // of the worker whose thread this is

std::mutex gate_mutex;
std::condition_variable gate_changed;
bool gate_open = false;

void give(Execution& execution, int value, Cells nested = {}) {
  std::memcpy(execution.result(0, sizeof value, nested), &value, sizeof value);
}
void fail_with_current(Execution& execution) {
  execution.fail(internal::encode_error(internal::current_exception_record("f", "f", "")));
}

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

struct Kept {
  int value = 0;
  int met = 0;
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
  define(sum_all, 9, "sum_all", [](Execution& e) {
    int sum = 0;
    for (int i = 0; i < value_in<int>(e.arguments); ++i) {
      const internal::Value value = e.dependency(static_cast<std::size_t>(i));
      for (const std::byte byte : value.bytes) sum += static_cast<int>(byte);
    }
    give(e, sum);
  });
  define(give_back, 10, "give_back", [](Execution& e) {
    const std::vector<ObjectCell*> cells(static_cast<std::size_t>(value_in<int>(e.arguments)),
                                         e.nested[0]);
    give(e, 0, cells);
  });
  define(cancel_nested, 11, "cancel_nested", [](Execution& e) {
    engine_here->cancel(*e.nested[0], false);
    give(e, 0);
  });
}

bool yield_one(Execution& e, int value) {
  give(e, value);
  return e.yield();
}

void yield_ones(Execution& e, int times) {
  const auto size = static_cast<std::size_t>(own_argument(e));
  for (int i = 0; i < times; ++i) {
    std::memset(e.result(0, size, {}), 1, size);
    if (!e.yield()) break;
  }
  e.result(0, 0, {});
}

void define_generators() {
  define(yield_ints, 30, "yield_ints", [](Execution& e) {
    const int count = own_argument(e);
    for (int i = 0; i != count; ++i) {
      ++yielded;
      if (!yield_one(e, i)) break;
    }
    ++generators_ended;
    e.result(0, 0, {});
  });
  define(yield_fails, 31, "yield_fails", [](Execution& e) {
    for (int i = 0; i < own_argument(e); ++i) yield_one(e, i);
    try {
      throw std::out_of_range("no more");
    } catch (...) {
      fail_with_current(e);
    }
  });
  define(yield_gated, 32, "yield_gated", [](Execution& e) {
    yield_one(e, 0);
    ++at_gate;
    {
      std::unique_lock lock(gate_mutex);
      gate_changed.wait(lock, [] { return gate_open; });
    }
    yield_one(e, 1);
    e.result(0, 0, {});
  });
  define(yield_bytes, 33, "yield_bytes", [](Execution& e) { yield_ones(e, 3); });
  define(yield_many, 35, "yield_many", [](Execution& e) { yield_ones(e, 500); });
  define(yield_refs, 34, "yield_refs", [](Execution& e) {
    for (int i = 0; i < 3; ++i) {
      ObjectCell* made = submit(*engine_here, add_one, bytes_of(i));
      give(e, i, std::span(&made, 1));
      internal::drop(made);
      e.yield();
    }
    e.result(0, 0, {});
  });
  for (FunctionRecord* record :
       {&yield_ints, &yield_fails, &yield_gated, &yield_bytes, &yield_many, &yield_refs}) {
    record->is_generator = true;
  }
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
        e.construct(new Kept{.value = start},
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

void define_concurrent_methods() {
  using Kind = FunctionRecord::Kind;
  define(
      actor_meet, 24, "Kept::meet",
      [](Execution& e) {
        auto& kept = *static_cast<Kept*>(e.instance);
        std::unique_lock lock(gate_mutex);
        ++kept.met;
        gate_changed.notify_all();
        // Where they never meet the test sees how many came.
        gate_changed.wait_for(lock, 20s, [&] { return kept.met >= value_in<int>(e.arguments); });
        give(e, kept.met);
      },
      Kind::method);
  define(
      actor_restarted, 25, "Kept::restarted",
      [](Execution& e) { give(e, engine_here->runtime_context().was_restarted ? 1 : 0); },
      Kind::method);
}

FunctionRecord* find_test_function(std::uint64_t key) {
  for (FunctionRecord* record : all_functions) {
    if (record->key == key) return record;
  }
  return nullptr;
}

}  // namespace

void open_gate(bool open) {
  std::lock_guard lock(gate_mutex);
  gate_open = open;
  gate_changed.notify_all();
}

int get_int(NativeEngine& engine, ObjectCell* cell) {
  const internal::Value value = engine.get(*cell, std::nullopt);
  if (value.is_error) internal::throw_error(value.bytes);
  return value_in<int>(value.bytes);
}

ObjectCell* submit(NativeEngine& engine, FunctionRecord& function,
                   std::span<const std::byte> arguments, std::vector<ObjectCell*> dependencies,
                   std::vector<ObjectCell*> nested, ObjectCell* actor,
                   const internal::CallOptions* options) {
  internal::Submission call;
  call.function = &function;
  call.arguments = arguments;
  call.dependencies = dependencies;
  call.nested = nested;
  call.actor = actor;
  call.options = options;
  ObjectCell* result = nullptr;
  engine.submit(call, std::span(&result, 1));
  return result;
}

void NativeEngineTest::define_functions() {
  define_tasks();
  define_generators();
  define_actor();
  define_concurrent_methods();
}

void NativeEngineTest::SetUp() {
  open_gate(false);
  at_gate = yielded = generators_ended = 0;
  raylet_ = std::make_unique<FakeRaylet>(
      2, [this](base::UniqueFd socket) { start_worker(std::move(socket)); });
  driver_ = connect(ipc::ProcessKind::driver, raylet_->connect());
}

void NativeEngineTest::TearDown() {
  open_gate(true);
  for (ObjectCell* cell : refs_) internal::drop(cell);
  driver_->shutdown();
  raylet_->close_all();
  for (std::thread& thread : workers_) thread.join();
  driver_.reset();
  raylet_.reset();
}

std::unique_ptr<NativeEngine> NativeEngineTest::connect(ipc::ProcessKind kind,
                                                        base::UniqueFd socket) {
  NativeOptions options;
  options.control = std::move(socket);
  options.hello.kind = kind;
  options.find_function = find_test_function;
  options.show_gpus = [this](const std::vector<std::int32_t>& ids) {
    std::lock_guard lock(shown_mutex_);
    shown_gpus_.push_back(ids);
    return std::vector<std::string>(ids.size(), "some");
  };
  options.log = &log_;
  auto engine = NativeEngine::connect(std::move(options));
  // A worker may come up just as its test ends.
  if (kind == ipc::ProcessKind::driver) EXPECT_TRUE(engine.ok()) << engine.status();
  return engine.ok() ? *std::move(engine) : nullptr;
}

void NativeEngineTest::start_worker(base::UniqueFd socket) {
  auto held = std::make_shared<base::UniqueFd>(std::move(socket));
  ++workers_started_;
  workers_.emplace_back([this, held] {
    auto engine = connect(ipc::ProcessKind::worker, std::move(*held));
    if (engine == nullptr) return;
    engine_here = engine.get();
    engine->run_worker();
    engine->shutdown();
  });
}

}  // namespace ray::core_worker
