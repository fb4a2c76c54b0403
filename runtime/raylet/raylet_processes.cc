// Processes from their start to their end. An end is seen by pidfd, or by an exit status that a
// zygote reports; a worker's record is finished once both are there, or the status is late.
#include <signal.h>

#include <utility>

#include "runtime/base/clock.h"
#include "runtime/base/text.h"
#include "runtime/raylet/exit_cause.h"
#include "runtime/raylet/raylet.h"

namespace ray::raylet {

void Raylet::on_worker_started(ZygotePool::Worker worker) {
  const pid_t pid = worker.process.pid;
  const absl::StatusOr<Process*> added =
      add_process(std::move(worker.socket), pid, std::move(worker.process.pidfd));
  if (!added.ok()) {
    ::kill(pid, SIGKILL);
    apply(leases_.start_failed(worker.token, std::string(added.status().message()), Clock::now()));
    return;
  }
  Process& process = **added;
  process.kind = ipc::ProcessKind::worker;
  process.token = worker.token;
  process.pool = worker.pool;
  process.job = worker.pool.job;
  const auto job = jobs_.find(process.job);
  if (job == jobs_.end() || job->second.state == Job::State::ending)
    kill(process, "its job has ended");
}

void Raylet::on_worker_exited(base::JobId job, pid_t pid, int wait_status) {
  for (auto& [id, process] : processes_) {
    const bool its = process->kind == ipc::ProcessKind::worker && process->job == job &&
                     process->pid == pid && !process->wait_status;
    if (!its) continue;
    process->wait_status = wait_status;
    process->gone = true;
    return finish(base::ProcessId(id));
  }
}

void Raylet::on_pidfd(base::ProcessId id) {
  Process* process = find(id);
  if (process == nullptr) return;
  loop_.remove(process->pidfd.get());
  process->gone = true;
  if (process->kind == ipc::ProcessKind::driver) return give_up(*process, "it has ended");
  set_timer(*process, options_.exit_status_ns, [this](Process& worker) { finish(worker.id); });
}

void Raylet::ask_to_exit(Process& process, const std::string& reason, bool if_unneeded) {
  if (process.gone) return;
  // One that has not got its Welcome would take anything else for an error.
  if (!process.greeted) return kill(process, reason);
  process.expected = true;
  if (process.connection != nullptr) {
    process.connection->send(ipc::ExitWorker{.reason = reason, .if_unneeded = if_unneeded});
  }
  set_timer(process, options_.exit_ns, [this, reason](Process& slow) { kill(slow, reason); });
}

void Raylet::kill(Process& process, const std::string& reason) {
  if (process.gone) return;
  if (process.reason.empty()) process.reason = reason;
  (void)ipc::send_signal(process.pidfd.get(), SIGKILL);
  (void)ipc::kill_group(process.pid);
}

void Raylet::give_up(Process& process, const std::string& reason) {
  if (process.kind == ipc::ProcessKind::worker) return kill(process, reason);
  process.gone = true;
  if (process.reason.empty()) process.reason = reason;
  const auto job = jobs_.find(process.job);
  if (job == jobs_.end()) return finish(process.id);
  driver_gone(job->second);
}

// The last of a process: what it sent before is handled, and all that it had is given back.
void Raylet::finish(base::ProcessId id) {
  Process* process = find(id);
  if (process == nullptr || process->finishing) return;
  process->finishing = true;
  if (process->greeted) process->connection->drain();
  if (process->timer) loop_.cancel(*process->timer);
  loop_.remove(process->pidfd.get());
  if (process->kind == ipc::ProcessKind::worker) (void)ipc::kill_group(process->pid);
  const std::unique_ptr<Process> last = std::move(processes_.extract(id).mapped());
  const std::string cause = cause_of(*last);
  Connection::retire(std::move(last->connection));
  if (!last->greeted) {
    if (last->token != 0) {
      const std::string reason =
          base::concat("a worker of its program ended before it was ready: ", cause);
      apply(leases_.start_failed(last->token, reason, Clock::now()));
    }
  } else {
    log_.info("process ", last->pid, " (", last->name, "): ", cause);
    tell_peers(*last, cause);
    if (last->kind == ipc::ProcessKind::worker) {
      actors_.worker_died(id, cause);
      apply(leases_.worker_died(id, Clock::now()));
    }
    apply(leases_.owner_died(id, Clock::now()));
    actors_.process_died(id);
    deliver(store_->unregister_client(id, base::monotonic_ns()));
    fabric_.reset_process(last->fabric_index);
    dead_indices_[id] = last->fabric_index;
    free_dead_indices();
  }
  if (last->kind == ipc::ProcessKind::worker) job_may_be_gone(last->job);
  if (id == owner_) owner_gone_ = true;
  finish_if_unused();
}

void Raylet::tell_peers(const Process& process, const std::string& cause) {
  const ChannelTable::Ends ends = channels_.process_died(process.id);
  for (base::ProcessId peer : ends.peers) {
    send(peer, ipc::ProcessDied{.process = process.id.value,
                                .pid = process.pid,
                                .expected = process.expected,
                                .cause = cause});
  }
  for (std::uint32_t channel : ends.freed) free_channel(channel);
}

std::string Raylet::cause_of(const Process& process) const {
  if (process.kind == ipc::ProcessKind::driver) {
    return process.reason.empty() ? "it has ended" : process.reason;
  }
  const std::string status =
      process.wait_status ? describe_exit(*process.wait_status) : "ended, it is not known how";
  return process.reason.empty() ? status : base::concat(status, ": ", process.reason);
}

// Replaces the timer of a process; without a step it only ends it.
void Raylet::set_timer(Process& process, std::int64_t delay_ns,
                       std::function<void(Process&)> step) {
  if (process.timer) loop_.cancel(*process.timer);
  process.timer.reset();
  if (!step) return;
  process.timer = loop_.run_after(delay_ns, [this, id = process.id, step = std::move(step)] {
    Process* same = find(id);
    if (same == nullptr) return;
    same->timer.reset();
    step(*same);
  });
}

}  // namespace ray::raylet
