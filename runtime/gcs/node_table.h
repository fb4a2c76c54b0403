// NodeTable knows the nodes of the cluster, and takes those for dead that have been silent for
// `silence_max`.
// Threading: a plain value, without I/O.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "runtime/base/ids.h"
#include "runtime/rpc/gcs.h"

namespace ray::gcs {

class NodeTable {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit NodeTable(std::chrono::nanoseconds silence_max = std::chrono::seconds(10))
      : silence_max_(silence_max) {}

  void add(const rpc::NodeRecord& node, Time now);
  // NotFound for a node that was never added or is taken for dead: it has to start anew.
  absl::Status report(base::NodeId node, const std::map<std::string, double>& available, Time now);
  // The nodes that have died by now.
  std::vector<base::NodeId> tick(Time now);
  std::optional<Time> next_tick() const;
  std::vector<rpc::NodeRecord> list() const;

 private:
  struct Entry {
    rpc::NodeRecord record;
    Time heard{};
  };

  const std::chrono::nanoseconds silence_max_;
  std::map<base::NodeId, Entry> nodes_;
};

}  // namespace ray::gcs
