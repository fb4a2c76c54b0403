// LeaseClient keeps the tasks that are ready to run, asks the raylet for workers for them, and
// pushes them out.
//
// Tasks that want the same of a worker share a scheduling class, with one queue and the leases it
// was granted. How many workers a class asks for follows from its backlog in time: short tasks are
// pipelined, at most 200 us deep, to at most as many workers as there are cores; long ones get a
// worker each. While a function's time is not known it is taken for 100 us.
// What a worker has not begun is taken back when it waits in get, or is silent for 1 ms while
// another worker has nothing to do: so no task waits behind one that waits for it.
// A lease without work goes back after 100 ms, or at once when the raylet asks.
// Threading: under the engine's lock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/clock.h"
#include "runtime/core_worker/call_plan.h"
#include "runtime/core_worker/call_writer.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/core_worker/reply_reader.h"
#include "runtime/core_worker/worker_link.h"

namespace ray::core_worker {

class Core;

struct SchedulingClass {
  std::uint32_t number = 0;
  ipc::LeaseDemand demand;             // as declared last
  std::uint32_t head = Record::kNone;  // ready tasks, linked through Record::next
  std::uint32_t tail = Record::kNone;
  std::size_t queued = 0;
  std::vector<WorkerLink*> workers;
  ActorEntry* actor = nullptr;  // whose worker this class is for, while that lives
  bool warned = false;          // that nothing can run it
};

class LeaseClient final : public ReplyReader::Listener {
 public:
  LeaseClient(Core& core, FunctionTable& functions);
  ~LeaseClient();

  static std::uint64_t expected_ticks(const FunctionEntry& function) {
    return function.ticks == 0 ? kUnknownTicks : function.ticks;
  }

  // The class for `plan`, made where it is new. Throws ray::Error for amounts that make no sense.
  // `label` names it in messages: the first function that asked for it.
  SchedulingClass& class_of(CallPlan& plan, const char* label);
  SchedulingClass& make_actor_class(ActorEntry& actor, ipc::LeaseDemand demand);
  void declare(SchedulingClass& scheduling_class, std::uint32_t wanted);

  // A task became runnable. It is pushed at once where there is a worker with room.
  void enqueue(std::uint32_t slot);
  // Not begun: it will not be, and is its caller's to fail. False where it runs, or is none of
  // ours.
  bool take_back(std::uint32_t slot);
  // Whether it waits for a worker, and would run in this one, on a lease of `held`.
  bool may_run_in(const base::ResourceSet& held, std::uint32_t slot);
  // It is: it counts as pushed to no worker of this client's.
  void take_for_this_process(std::uint32_t slot);
  // SIGKILL to the worker that runs it.
  void kill_worker_of(std::uint32_t slot);

  void granted(const ipc::LeaseGranted& grant);
  void infeasible(const ipc::LeaseInfeasible& warning);
  void reclaim(bool even_busy);
  // Ends what it ran; `cause` for messages.
  void process_died(std::uint64_t process, const std::string& cause);
  std::string cause_of_loss(std::uint32_t slot);

  WorkerLink* make_link(std::uint32_t channel, std::uint32_t worker_index);
  void drop_link(WorkerLink& link);

  bool progress(int max);
  // What is due by the clock; returns when to look again.
  std::int64_t run_timers(std::int64_t now_ns);
  void add_rings(PollSet& rings) const;
  bool has_work() const { return in_flight_ != 0 || queued_ != 0; }
  // Lines of replies worth waking up for, to the one who waits for `slot`.
  std::uint32_t lines_wanted(const Record& record) const;

  // An actor's calls use these too.
  CallWriter& writer() { return writer_; }
  ReplyReader& reader() { return reader_; }
  FunctionTable& functions() { return functions_; }

 private:
  static constexpr std::uint64_t kUnknownTicks = 300'000;  // about 100 us
  static constexpr double kBacklogNs = 200'000;
  static constexpr double kSilentNs = 1'000'000;
  static constexpr std::int64_t kIdleNs = 100'000'000;
  static constexpr std::uint32_t kWantedMax = 1024;
  static constexpr std::uint32_t kThisProcess = UINT32_MAX;  // as the number of a link

  void replied(WorkerLink& link, std::uint32_t slot) override;
  void blocked(WorkerLink& link, bool is_blocked) override;

  FunctionEntry& function_of(std::uint32_t slot);
  void push_back(SchedulingClass& scheduling_class, std::uint32_t slot);
  void push_front(SchedulingClass& scheduling_class, std::uint32_t slot);
  std::uint32_t pop(SchedulingClass& scheduling_class);
  bool unlink(SchedulingClass& scheduling_class, std::uint32_t slot);

  SchedulingClass& class_of_task(std::uint32_t slot);
  void dispatch(SchedulingClass& scheduling_class, bool exact_demand);
  WorkerLink* pick(SchedulingClass& scheduling_class, const FunctionEntry& function);
  bool push(WorkerLink& link, std::uint32_t slot);
  std::uint32_t wanted(const SchedulingClass& scheduling_class);
  void update_demand(SchedulingClass& scheduling_class, bool exact);
  void revoke(WorkerLink& link, std::uint32_t max);
  bool rebalance(SchedulingClass& scheduling_class);
  void refuse(SchedulingClass& scheduling_class, const std::string& why);
  void return_lease(WorkerLink& link);
  void finish_draining(WorkerLink& link);
  void disclaim(const WorkerLink& link);

  Core& core_;
  FunctionTable& functions_;
  CallWriter writer_;
  ReplyReader reader_;
  base::TickRate rate_;
  std::uint64_t backlog_ticks_;  // kBacklogNs, as ticks
  std::uint64_t silent_ticks_;
  std::vector<std::unique_ptr<SchedulingClass>> classes_;
  std::vector<std::unique_ptr<WorkerLink>> links_;  // by number; null: free
  std::size_t in_flight_ = 0;
  std::size_t queued_ = 0;
};

}  // namespace ray::core_worker
