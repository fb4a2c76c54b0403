#include "runtime/raylet/channel_table.h"

#include "runtime/base/check.h"

namespace ray::raylet {

using base::ProcessId;

void ChannelTable::open(std::uint32_t channel, ProcessId initiator, ProcessId peer) {
  const bool is_new = channels_.emplace(channel, Channel{initiator, peer}).second;
  CHECK(is_new);
  by_process_[initiator].insert(channel);
  by_process_[peer].insert(channel);
}

bool ChannelTable::close(std::uint32_t channel, ProcessId process) {
  const auto it = channels_.find(channel);
  return it != channels_.end() && close_end(it, process);
}

ChannelTable::Ends ChannelTable::process_died(ProcessId process) {
  Ends ends;
  const auto its = by_process_.find(process);
  if (its == by_process_.end()) return ends;
  const std::set<std::uint32_t> channels = its->second;
  for (std::uint32_t index : channels) {
    const auto it = channels_.find(index);
    const Channel channel = it->second;
    if (close_end(it, process)) {
      ends.freed.push_back(index);
    } else {
      ends.peers.insert(channel.initiator == process ? channel.peer : channel.initiator);
    }
  }
  return ends;
}

std::size_t ChannelTable::count(ProcessId process) const {
  const auto it = by_process_.find(process);
  return it == by_process_.end() ? 0 : it->second.size();
}

bool ChannelTable::close_end(std::map<std::uint32_t, Channel>::iterator it, ProcessId process) {
  Channel& channel = it->second;
  if (channel.initiator == process) channel.initiator_open = false;
  if (channel.peer == process) channel.peer_open = false;
  if (channel.initiator_open || channel.peer_open) return false;
  for (ProcessId end : {channel.initiator, channel.peer}) {
    const auto its = by_process_.find(end);
    if (its == by_process_.end()) continue;  // both ends are one process
    its->second.erase(it->first);
    if (its->second.empty()) by_process_.erase(its);
  }
  channels_.erase(it);
  return true;
}

}  // namespace ray::raylet
