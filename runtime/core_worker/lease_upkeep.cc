// The part of LeaseClient that keeps leases in order: replies, deaths, and what is due by the
// clock.
#include <algorithm>

#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/stream_reader.h"

namespace ray::core_worker {

bool LeaseClient::progress(int max) {
  int read = 0;
  for (std::size_t i = 0; i < links_.size() && read < max; ++i) {
    WorkerLink* link = links_[i].get();
    if (link == nullptr || link->actor != nullptr) continue;
    const int count = reader_.read(*link, *this, max - read);
    if (count == 0) continue;
    read += count;
    core_.settle();  // results may be arguments of what is dispatched next
    if (link->draining) {
      finish_draining(*link);
    } else {
      dispatch(*link->scheduling_class, true);
      if (link->in_flight == 0) link->idle_since_ns = 0;
    }
  }
  if (read != 0) {
    for (const auto& scheduling_class : classes_) {
      if (scheduling_class->queued != 0) dispatch(*scheduling_class, true);
    }
  }
  return read != 0;
}

void LeaseClient::add_rings(PollSet& rings) const {
  for (const auto& link : links_) {
    if (link != nullptr) rings.add_replies(link->rings.replies);
  }
}

std::uint32_t LeaseClient::lines_wanted(const Record& record) const {
  if (record.state.load(std::memory_order_relaxed) != RecordState::pushed) return 1;
  const WorkerLink* link = record.worker < links_.size() ? links_[record.worker].get() : nullptr;
  if (link == nullptr || link->in_flight < 8) return 1;
  return std::min<std::uint32_t>(link->in_flight / 2, 64);
}

void LeaseClient::infeasible(const ipc::LeaseInfeasible& warning) {
  if (warning.scheduling_class >= classes_.size()) return;
  SchedulingClass& scheduling_class = *classes_[warning.scheduling_class];
  if (warning.environment) return refuse(scheduling_class, warning.reason);
  if (scheduling_class.warned) return;
  scheduling_class.warned = true;
  core_.log.warning(warning.reason);
}

void LeaseClient::refuse(SchedulingClass& scheduling_class, const std::string& why) {
  const std::string reason = "the runtime_env cannot be made for " + why;
  scheduling_class.demand.wanted = 0;
  if (scheduling_class.actor != nullptr) {
    const std::uint32_t constructor = scheduling_class.actor->constructor;
    if (constructor == Record::kNone) return;
    core_.fail(constructor, internal::ErrorKind::runtime_env, reason);
  }
  while (scheduling_class.head != Record::kNone) {
    core_.fail(pop(scheduling_class), internal::ErrorKind::runtime_env, reason);
  }
  core_.settle();
}

void LeaseClient::return_lease(WorkerLink& link) {
  // A process that has looked at its GPUs does not see others any more.
  const bool used_gpus = link.scheduling_class != nullptr &&
                         link.scheduling_class->demand.resources.units(base::kGpu) != 0;
  core_.control.queue(
      ipc::ReturnLease{.lease = link.lease, .exit_worker = link.exit_on_return || used_gpus});
  drop_link(link);
}

void LeaseClient::finish_draining(WorkerLink& link) {
  if (link.in_flight != 0) return;
  SchedulingClass& scheduling_class = *link.scheduling_class;
  return_lease(link);
  dispatch(scheduling_class, true);
}

void LeaseClient::reclaim(bool even_busy) {
  bool gave_back = false;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    WorkerLink* link = links_[i].get();
    if (link == nullptr || link->actor != nullptr || link->in_flight != 0) continue;
    if (link->scheduling_class->queued != 0) continue;
    return_lease(*link);
    gave_back = true;
  }
  if (!even_busy || gave_back) return;
  for (const auto& link : links_) {
    if (link == nullptr || link->actor != nullptr || link->blocked || link->draining) continue;
    link->draining = true;
    revoke(*link, UINT32_MAX);
    SchedulingClass& scheduling_class = *link->scheduling_class;
    if (link->in_flight == 0) {
      return_lease(*link);
    }
    update_demand(scheduling_class, true);
    return;
  }
}

// A worker that is silent while another has nothing to do gives back what it has not begun: half
// of it, or all where it waits. True where that may become due.
bool LeaseClient::rebalance(SchedulingClass& scheduling_class) {
  if (scheduling_class.queued != 0) return false;
  std::uint32_t idle = 0;
  bool busy = false;
  for (const WorkerLink* link : scheduling_class.workers) {
    if (link->in_flight == 0 && !link->blocked && !link->draining) ++idle;
    busy |= link->in_flight > 1;
  }
  if (!busy || idle == 0) return busy;
  const std::uint64_t now = base::ticks();
  for (WorkerLink* link : scheduling_class.workers) {
    if (link->in_flight < 2 || now - link->last_heard < silent_ticks_) continue;
    const std::uint32_t behind = link->in_flight - 1;
    revoke(*link, std::max(idle, behind / 2));
    if (scheduling_class.queued != 0) break;
  }
  dispatch(scheduling_class, true);
  return true;
}

std::int64_t LeaseClient::run_timers(std::int64_t now_ns) {
  rate_.calibrate();
  backlog_ticks_ = rate_.ticks_of_ns(kBacklogNs);
  silent_ticks_ = rate_.ticks_of_ns(kSilentNs);
  std::int64_t due = ProgressLeader::kForever;
  for (const auto& scheduling_class : classes_) {
    if (scheduling_class->demand.actor) continue;
    dispatch(*scheduling_class, true);
    update_demand(*scheduling_class, true);
    if (rebalance(*scheduling_class)) due = std::min(due, now_ns + 1'000'000);
  }
  for (std::size_t i = 0; i < links_.size(); ++i) {
    WorkerLink* link = links_[i].get();
    if (link == nullptr || link->actor != nullptr || link->in_flight != 0) continue;
    if (link->idle_since_ns == 0) link->idle_since_ns = now_ns;
    const std::int64_t end = link->idle_since_ns + kIdleNs;
    if (link->draining || now_ns >= end) {
      return_lease(*link);
    } else {
      due = std::min(due, end);
    }
  }
  return due;
}

void LeaseClient::disclaim(const WorkerLink& link) {
  std::vector<base::ObjectId> unannounced;
  core_.table.each([&](std::uint32_t slot, const Record& record) {
    if (record.state.load(std::memory_order_relaxed) != RecordState::pushed) return;
    if (record.worker != link.number) return;
    const base::ProcessId self{core_.welcome.process};
    unannounced.push_back({self, core_.table.sequence_of(slot), slot});
    core_.streams->add_unannounced(slot, unannounced);
    if (record.extra == nullptr) return;
    for (const std::uint32_t other : record.extra->results) {
      unannounced.push_back({self, core_.table.sequence_of(other), other});
    }
  });
  if (core_.store != nullptr && !unannounced.empty()) {
    core_.store->disclaim(base::ProcessId{link.process}, std::move(unannounced));
  }
}

void LeaseClient::process_died(std::uint64_t process, const std::string& cause) {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    WorkerLink* link = links_[i].get();
    if (link == nullptr || link->process != process) continue;
    if (link->actor != nullptr) {
      core_.actors->link_died(*link, cause);
      continue;
    }
    while (reader_.read(*link, *this, INT32_MAX) != 0) {
    }
    disclaim(*link);
    link->death_cause = cause;
    SchedulingClass& scheduling_class = *link->scheduling_class;
    std::erase(scheduling_class.workers, link);
    link->scheduling_class = nullptr;
    core_.table.worker_died(link->number, core_.effects);
    core_.settle();
    core_.control.queue(ipc::CloseChannel{link->channel});
    drop_link(*link);
    dispatch(scheduling_class, true);
  }
}

std::string LeaseClient::cause_of_loss(std::uint32_t slot) {
  const Record& record = core_.table.at(slot);
  const WorkerLink* link = record.worker < links_.size() ? links_[record.worker].get() : nullptr;
  if (link == nullptr) return "its worker died";
  return "its worker (pid " + std::to_string(link->pid) + ") " + link->death_cause;
}

}  // namespace ray::core_worker
