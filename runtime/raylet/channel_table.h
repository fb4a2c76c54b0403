// ChannelTable knows between which two processes each channel of the fabric is, and which of them
// still use it.
// Threading: a plain value, without I/O.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "runtime/base/ids.h"

namespace ray::raylet {

class ChannelTable {
 public:
  void open(std::uint32_t channel, base::ProcessId initiator, base::ProcessId peer);
  // True where nobody uses the channel any more: it has left the table. A process that does not use
  // it (any more) changes nothing.
  bool close(std::uint32_t channel, base::ProcessId process);

  struct Ends {
    std::set<base::ProcessId> peers;   // that still use a channel with it
    std::vector<std::uint32_t> freed;  // channels that nobody uses any more
  };
  Ends process_died(base::ProcessId process);

  // Channels that the process has had and that are not free yet: its entry of the fabric may be
  // looked at through them.
  std::size_t count(base::ProcessId process) const;
  std::size_t size() const { return channels_.size(); }

 private:
  struct Channel {
    base::ProcessId initiator;
    base::ProcessId peer;
    bool initiator_open = true;
    bool peer_open = true;
  };

  bool close_end(std::map<std::uint32_t, Channel>::iterator it, base::ProcessId process);

  std::map<std::uint32_t, Channel> channels_;
  std::map<base::ProcessId, std::set<std::uint32_t>> by_process_;
};

}  // namespace ray::raylet
