// Leases and channels: what the lease table decides is done here.
#include <utility>

#include "runtime/base/text.h"
#include "runtime/raylet/raylet.h"

namespace ray::raylet {

// What is done may cause further effects: they are done after those before them.
void Raylet::apply(scheduling::Effects effects) {
  for (scheduling::Effect& effect : effects) effects_.push_back(std::move(effect));
  if (applying_) return;
  applying_ = true;
  while (!effects_.empty()) {
    const scheduling::Effect effect = std::move(effects_.front());
    effects_.pop_front();
    std::visit([this](const auto& e) { carry_out(e); }, effect);
  }
  applying_ = false;
  arm_lease_timer();
}

void Raylet::carry_out(const scheduling::StartWorker& effect) {
  if (zygotes_.defines(effect.pool)) return zygotes_.start_worker(effect.token, effect.pool);
  apply(leases_.start_failed(effect.token, "its job has ended", Clock::now()));
}

void Raylet::carry_out(const scheduling::GrantLease& effect) {
  Process* owner = find(effect.owner);
  Process* worker = find(effect.worker);
  // A process that has died meanwhile takes its leases with it.
  if (owner == nullptr || worker == nullptr) return;
  const absl::StatusOr<std::uint32_t> channel = allocator_.take_channel();
  if (!channel.ok()) {
    log_.warning("a lease waits: ", channel.status().message());
    stalled_grants_.push_back(effect);
    return;
  }
  log_.debug("lease ", effect.lease.value, ": worker ", worker->pid, " for process ", owner->pid,
             ", class ", effect.scheduling_class, ", channel ", *channel);
  channels_.open(*channel, owner->id, worker->id);
  lease_channels_[effect.lease] = *channel;
  channel_leases_[*channel] = effect.lease;
  worker->connection->send(ipc::WorkerLeased{.lease = effect.lease.value,
                                             .owner = owner->id.value,
                                             .channel = *channel,
                                             .owner_index = owner->fabric_index,
                                             .actor = effect.actor,
                                             .resources = effect.resources,
                                             .gpu_ids = effect.gpu_ids});
  owner->connection->send(ipc::LeaseGranted{.scheduling_class = effect.scheduling_class,
                                            .lease = effect.lease.value,
                                            .worker = worker->id.value,
                                            .worker_pid = worker->pid,
                                            .channel = *channel,
                                            .worker_index = worker->fabric_index});
}

void Raylet::carry_out(const scheduling::WarnInfeasible& effect) {
  send(effect.owner, ipc::LeaseInfeasible{effect.scheduling_class, effect.reason, false});
}

void Raylet::carry_out(const scheduling::RefuseDemand& effect) {
  send(effect.owner, ipc::LeaseInfeasible{effect.scheduling_class, effect.reason, true});
}

void Raylet::carry_out(const scheduling::AskReclaim& effect) {
  send(effect.owner, ipc::ReclaimIdle{effect.even_busy});
}

void Raylet::carry_out(const scheduling::EndIdleWorker& effect) {
  if (Process* worker = find(effect.worker)) {
    ask_to_exit(*worker, "this node has idle workers enough", true);
  }
}

void Raylet::carry_out(const scheduling::EndWorker& effect) {
  if (Process* worker = find(effect.worker)) ask_to_exit(*worker, effect.reason, false);
}

void Raylet::carry_out(const scheduling::BlockedAtLimit& effect) {
  send(effect.worker, ipc::BlockedAtLimit{});
}

void Raylet::arm_lease_timer() {
  if (lease_timer_) loop_.cancel(*lease_timer_);
  lease_timer_.reset();
  const std::optional<scheduling::Time> next = leases_.next_tick();
  if (!next) return;
  const std::chrono::nanoseconds delay = *next - Clock::now();
  lease_timer_ = loop_.run_after(delay.count(), [this] {
    lease_timer_.reset();
    apply(leases_.tick(Clock::now()));
  });
}

void Raylet::close_channel(std::uint32_t channel, base::ProcessId process) {
  if (channels_.close(channel, process)) free_channel(channel);
}

void Raylet::free_channel(std::uint32_t channel) {
  if (const auto lease = channel_leases_.extract(channel)) lease_channels_.erase(lease.mapped());
  const absl::Status status = allocator_.give_back_channel(channel);
  if (!status.ok()) log_.error("a channel stays out of use: ", status.message());
  free_dead_indices();
  if (stalled_grants_.empty()) return;
  const scheduling::GrantLease grant = stalled_grants_.front();
  stalled_grants_.erase(stalled_grants_.begin());
  if (leases_.leased_worker(grant.owner, grant.lease) == grant.worker) apply({grant});
}

void Raylet::free_dead_indices() {
  std::erase_if(dead_indices_, [this](const auto& entry) {
    if (channels_.count(entry.first) > 0) return false;
    allocator_.give_back_process(entry.second);
    return true;
  });
}

}  // namespace ray::raylet
