// GcsClient is the Gcs of another process, over gRPC.
//
// Threading: the loop's thread; gRPC's own threads only post. Ownership: its destructor cancels
// what is under way and waits until gRPC has let go of it; what was not answered by then is not
// answered any more. Calls are sent one after the other, so that they arrive in their order.
// Limits: a call is answered within `kCallSeconds`.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "proto/ray.grpc.pb.h"
#include "runtime/rpc/gcs.h"
#include "runtime/rpc/rpc_module.h"

namespace ray::rpc {

class GcsClient final : public Gcs {
 public:
  static constexpr int kCallSeconds = 10;

  GcsClient(const std::string& address, std::string token, Post post);
  ~GcsClient() override;

  void register_node(const NodeRecord& node, Finished done) override;
  void report_node(base::NodeId node, const std::map<std::string, double>& available,
                   Finished done) override;
  void list_nodes(Done<std::vector<NodeRecord>> done) override;
  void start_job(const JobRecord& job, Finished done) override;
  void end_job(base::JobId job, Finished done) override;
  void register_actor(const ActorRecord& actor, bool get_if_exists,
                      Done<std::optional<base::ObjectId>> done) override;
  void actor_started(base::ObjectId actor, base::NodeId node, base::ProcessId worker,
                     Finished done) override;
  void actor_lost(base::ObjectId actor, base::ProcessId worker, const std::string& cause,
                  Finished done) override;
  void actor_ended(base::ObjectId actor, const std::string& cause, Finished done) override;
  void owner_died(base::ProcessId owner, Finished done) override;
  void find_actor(const std::string& name_space, const std::string& name,
                  Done<std::optional<ActorRecord>> done) override;
  void watch_actor(base::ObjectId actor, ActorWatcher watcher) override;
  void put_key(const std::string& key, const std::string& value, Finished done) override;
  void get_key(const std::string& key, Done<std::optional<std::string>> done) override;
  void erase_key(const std::string& key, Finished done) override;
  void list_keys(const std::string& prefix, Done<std::vector<std::string>> done) override;

 private:
  using Stub = proto::GcsService::StubInterface::async_interface;
  template <class Request, class Reply>
  using Method = void (Stub::*)(grpc::ClientContext*, const Request*, Reply*,
                                std::function<void(grpc::Status)>);
  class Watch;

  template <class Request, class Reply, class Answer>
  void call(Method<Request, Reply> method, Request request, Answer answer);
  template <class Request>
  void call_empty(Method<Request, proto::Empty> method, Request request, Finished done);
  void start_watch(base::ObjectId actor, ActorWatcher watcher);
  void start_next();
  void on_loop(std::function<void()> closure);
  void prepare(const std::shared_ptr<grpc::ClientContext>& context);
  void forget(const std::shared_ptr<grpc::ClientContext>& context);

  const std::string token_;
  const Post post_;
  const std::unique_ptr<proto::GcsService::StubInterface> stub_;

  // The loop's thread only.
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::deque<std::function<void()>> waiting_;  // calls, each to be started when that before is done
  bool calling_ = false;

  std::mutex mutex_;
  std::condition_variable idle_;
  std::set<std::shared_ptr<grpc::ClientContext>> under_way_;  // guarded by mutex_
};

}  // namespace ray::rpc
