// NativeEngineTest runs a driver and its workers, each an engine, in the test's own process, around
// a FakeRaylet; and the functions that its tests call.
#pragma once

#include <gtest/gtest.h>
#include <ray/error.h>
#include <ray/internal/engine.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/base/log.h"
#include "runtime/core_worker/fake_raylet.h"
#include "runtime/core_worker/native_engine.h"

namespace ray::core_worker {

using internal::Cells;
using internal::Execution;
using internal::FunctionRecord;
using internal::ObjectCell;
using namespace std::chrono_literals;

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

// Tasks of one int, or of what their comment says. Each gives an int.
extern FunctionRecord add_one;        // its argument or dependency 0
extern FunctionRecord fail_it;        // throws std::out_of_range
extern FunctionRecord wait_at_gate;   // counts in at_gate, gives 7 once the gate is open
extern FunctionRecord sum_bytes;      // of its arguments, or dependency 0
extern FunctionRecord sum_all;        // of the bytes of that many dependencies
extern FunctionRecord make_bytes;     // that many ones, instead of an int
extern FunctionRecord count_down;     // by a task for each step
extern FunctionRecord get_nested;     // the value of nested 0
extern FunctionRecord return_nested;  // 0, with a task's ref inside
extern FunctionRecord give_back;      // 0, with the nested refs as often as it says
extern FunctionRecord cancel_nested;  // cancels nested 0
// Generators.
extern FunctionRecord yield_ints;   // from 0, so many; without end where that is negative
extern FunctionRecord yield_fails;  // so many, then throws std::out_of_range
extern FunctionRecord yield_gated;  // 0, counts in at_gate, and once the gate is open 1
extern FunctionRecord yield_bytes;  // three times so many ones
extern FunctionRecord yield_many;   // the same, 500 times
extern FunctionRecord yield_refs;   // three ints, each with a task's ref inside
// An actor that holds an int, and what its methods give.
extern FunctionRecord actor_new;        // throws std::invalid_argument where it is negative
extern FunctionRecord actor_add;        // the sum
extern FunctionRecord actor_keep;       // 0; keeps nested 0
extern FunctionRecord actor_use;        // the value of the ref that it kept
extern FunctionRecord actor_meet;       // how many are in it, once as many are as it says
extern FunctionRecord actor_restarted;  // whether it was

inline std::atomic<int> at_gate{0};
inline std::atomic<int> yielded{0};           // by yield_ints
inline std::atomic<int> generators_ended{0};  // of those
void open_gate(bool open);

int get_int(NativeEngine& engine, ObjectCell* cell);
ObjectCell* submit(NativeEngine& engine, FunctionRecord& function,
                   std::span<const std::byte> arguments, std::vector<ObjectCell*> dependencies = {},
                   std::vector<ObjectCell*> nested = {}, ObjectCell* actor = nullptr,
                   const internal::CallOptions* options = nullptr);

class NativeEngineTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { define_functions(); }
  void SetUp() override;
  void TearDown() override;

  std::unique_ptr<NativeEngine> connect(ipc::ProcessKind kind, base::UniqueFd socket);
  void start_worker(base::UniqueFd socket);

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

  static void define_functions();

  base::StderrLog log_;
  std::unique_ptr<FakeRaylet> raylet_;
  std::unique_ptr<NativeEngine> driver_;
  std::vector<std::thread> workers_;  // added by the raylet's thread
  std::atomic<std::size_t> workers_started_{0};
  std::vector<ObjectCell*> refs_;
  std::mutex shown_mutex_;
  std::vector<std::vector<std::int32_t>> shown_gpus_;  // guarded by shown_mutex_
};

}  // namespace ray::core_worker
