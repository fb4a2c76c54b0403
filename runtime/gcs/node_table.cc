#include "runtime/gcs/node_table.h"

namespace ray::gcs {

void NodeTable::add(const rpc::NodeRecord& node, Time now) {
  Entry& entry = nodes_[node.id];
  entry.record = node;
  entry.record.alive = true;
  entry.heard = now;
}

absl::Status NodeTable::report(base::NodeId node, const std::map<std::string, double>& available,
                               Time now) {
  const auto it = nodes_.find(node);
  if (it == nodes_.end() || !it->second.record.alive) {
    return absl::NotFoundError("this node is not in the cluster");
  }
  it->second.record.available = available;
  it->second.heard = now;
  return absl::OkStatus();
}

std::vector<base::NodeId> NodeTable::tick(Time now) {
  std::vector<base::NodeId> died;
  for (auto& [id, entry] : nodes_) {
    if (!entry.record.alive || entry.heard + silence_max_ > now) continue;
    entry.record.alive = false;
    entry.record.available.clear();
    died.push_back(id);
  }
  return died;
}

std::optional<NodeTable::Time> NodeTable::next_tick() const {
  std::optional<Time> next;
  for (const auto& [id, entry] : nodes_) {
    const Time due = entry.heard + silence_max_;
    if (entry.record.alive && (!next || due < *next)) next = due;
  }
  return next;
}

std::vector<rpc::NodeRecord> NodeTable::list() const {
  std::vector<rpc::NodeRecord> nodes;
  for (const auto& [id, entry] : nodes_) nodes.push_back(entry.record);
  return nodes;
}

}  // namespace ray::gcs
