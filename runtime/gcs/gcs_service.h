// GcsService is the Gcs itself: the tables, and the watchers of actors.
//
// Threading: one thread. A watcher must not destroy the service.
// Limits: a key or a value of at most `value_bytes_max`.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/gcs/actor_table.h"
#include "runtime/gcs/node_table.h"
#include "runtime/rpc/gcs.h"

namespace ray::gcs {

class GcsService final : public rpc::Gcs {
 public:
  using Time = NodeTable::Time;
  using Clock = std::function<Time()>;

  struct Options {
    std::size_t value_bytes_max = 1 << 20;
    std::chrono::nanoseconds node_silence_max = std::chrono::seconds(10);
  };

  GcsService(const Options& options, Clock clock);

  // Takes silent nodes for dead.
  void tick();
  std::optional<Time> next_tick() const { return nodes_.next_tick(); }

  void register_node(const rpc::NodeRecord& node, Finished done) override;
  void report_node(base::NodeId node, const std::map<std::string, double>& available,
                   Finished done) override;
  void list_nodes(Done<std::vector<rpc::NodeRecord>> done) override;
  void start_job(const rpc::JobRecord& job, Finished done) override;
  void end_job(base::JobId job, Finished done) override;
  void register_actor(const rpc::ActorRecord& actor, bool get_if_exists,
                      Done<std::optional<base::ObjectId>> done) override;
  void actor_started(base::ObjectId actor, base::NodeId node, base::ProcessId worker,
                     Finished done) override;
  void actor_lost(base::ObjectId actor, base::ProcessId worker, const std::string& cause,
                  Finished done) override;
  void actor_ended(base::ObjectId actor, const std::string& cause, Finished done) override;
  void owner_died(base::ProcessId owner, Finished done) override;
  void find_actor(const std::string& name_space, const std::string& name,
                  Done<std::optional<rpc::ActorRecord>> done) override;
  void watch_actor(base::ObjectId actor, ActorWatcher watcher) override;
  void put_key(const std::string& key, const std::string& value, Finished done) override;
  void get_key(const std::string& key, Done<std::optional<std::string>> done) override;
  void erase_key(const std::string& key, Finished done) override;
  void list_keys(const std::string& prefix, Done<std::vector<std::string>> done) override;

 private:
  void tell(const ActorTable::Changes& changes);

  const Options options_;
  const Clock clock_;
  NodeTable nodes_;
  ActorTable actors_;
  std::map<base::JobId, rpc::JobRecord> jobs_;  // those that run
  std::map<base::ObjectId, std::vector<ActorWatcher>> watchers_;
  std::map<std::string, std::string> keys_;
};

}  // namespace ray::gcs
