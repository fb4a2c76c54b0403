// Jobs: a driver and everything that was started for it, and their end.
#include <signal.h>
#include <unistd.h>

#include <set>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/raylet/raylet.h"

namespace ray::raylet {
namespace {

constexpr std::int64_t kOrphanRoundNs = 10'000'000;
constexpr int kOrphanRounds = 100;

}  // namespace

void Raylet::tell_refusal(base::JobId id, const std::string& cause) {
  const auto job = jobs_.find(id);
  if (job == jobs_.end() || job->second.told_refusal) return;
  job->second.told_refusal = true;
  log_.warning(job->second.name, " is executed for each worker: ", cause);
  send(job->second.driver,
       ipc::Notice{base::concat("workers start slowly: this program cannot be forked, since ",
                                cause, "; it is executed for each worker")});
}

void Raylet::end_job(base::JobId id, bool orderly) {
  const auto it = jobs_.find(id);
  if (it == jobs_.end()) return;
  Job& job = it->second;
  if (job.state == Job::State::ending && (orderly || !job.orderly)) return;
  job.state = Job::State::ending;
  job.orderly = orderly;
  std::set<scheduling::PoolKey> kept;
  std::vector<Process*> workers;
  for (auto& [process_id, process] : processes_) {
    if (process->kind != ipc::ProcessKind::worker || process->job != id) continue;
    if (actors_.hosts_detached(process_id)) {
      kept.insert(process->pool);
    } else {
      workers.push_back(process.get());
    }
  }
  apply(leases_.job_ended(id, Clock::now()));
  // The end of a zygote ends its workers: in order, they come first.
  if (!orderly) zygotes_.end_job(id, kept);
  for (Process* worker : workers) {
    worker->expected = true;
    orderly ? ask_to_exit(*worker, "its job has ended", false) : kill(*worker, "its job has ended");
  }
  job_may_be_gone(id);
}

// Of an ending job: whether all that is to go has gone.
void Raylet::job_may_be_gone(base::JobId id) {
  const auto it = jobs_.find(id);
  if (it == jobs_.end()) return;
  Job& job = it->second;
  std::set<scheduling::PoolKey> kept;
  bool others = false;
  for (const auto& [process_id, process] : processes_) {
    if (process->kind != ipc::ProcessKind::worker || process->job != id) continue;
    const bool detached = actors_.hosts_detached(process_id);
    if (detached) kept.insert(process->pool);
    others = others || !detached;
  }
  if (job.state == Job::State::lingering) {
    if (kept.empty()) end_job(id, false);
    return;
  }
  if (job.state != Job::State::ending || others) return;
  zygotes_.end_job(id, kept);
  kill_orphans(id, kOrphanRounds);
  if (!kept.empty()) job.state = Job::State::lingering;
  if (job.orderly) {
    job.orderly = false;
    send(job.driver, ipc::Disconnected{});
    if (Process* driver = find(job.driver)) {
      set_timer(*driver, options_.last_read_ns,
                [this](Process& slow) { give_up(slow, "it did not close after its end"); });
    }
  }
  if (!job.driver_gone) return;
  const base::ProcessId driver = job.driver;
  if (kept.empty()) jobs_.erase(it);
  finish(driver);
}

// What workers left behind and only this process, their new parent, can still find.
void Raylet::kill_orphans(base::JobId id, int rounds_left) {
  const absl::StatusOr<std::vector<pid_t>> children = ipc::own_children();
  if (!children.ok()) return log_.error("cannot find orphans: ", children.status().message());
  const std::set<pid_t> known = zygotes_.children();
  const std::set<pid_t> sessions = zygotes_.sessions(id);
  const bool only_job = jobs_.empty() || (jobs_.size() == 1 && jobs_.contains(id));
  bool found = false;
  for (pid_t child : *children) {
    if (known.contains(child)) continue;
    if (!only_job && !sessions.contains(::getsid(child))) continue;
    ::kill(child, SIGKILL);
    found = true;
  }
  if (!found || rounds_left == 0) return;
  loop_.run_after(kOrphanRoundNs, [this, id, rounds_left] { kill_orphans(id, rounds_left - 1); });
}

void Raylet::driver_gone(Job& job) {
  const base::JobId id = job.id;
  log_.info("driver ", job.driver_pid, " (", job.name, ") is gone");
  gcs_.end_job(id, [](const absl::Status&) {});
  job.driver_gone = true;
  if (job.state == Job::State::lingering) return finish(job.driver);
  end_job(id, false);
  job_may_be_gone(id);
}

void Raylet::finish_if_unused() {
  if (!owner_gone_ || !finished_) return;
  for (const auto& [id, process] : processes_) {
    if (actors_.hosts_detached(id)) return;
  }
  std::exchange(finished_, nullptr)();
}

}  // namespace ray::raylet
