// GcsServerAdaptor turns calls of other processes into calls of a Gcs on its own loop.
//
// Threading: gRPC's threads call in; each call is posted to the loop, where the Gcs answers it.
// Ownership: borrows the Gcs, which outlives it. Its destructor, on the loop's thread, refuses what
// is under way. Limits: with a token, a call without it is Unauthenticated.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "proto/ray.grpc.pb.h"
#include "runtime/rpc/actor_stream.h"
#include "runtime/rpc/gcs.h"
#include "runtime/rpc/rpc_module.h"

namespace ray::rpc {

class GcsServerAdaptor final : public GcsServer, private proto::GcsService::CallbackService {
 public:
  static absl::StatusOr<std::unique_ptr<GcsServer>> listen(Gcs& gcs, const std::string& address,
                                                           const std::string& token, Post post);
  ~GcsServerAdaptor() override;
  std::string address() const override { return address_; }

 private:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  using Empty = proto::Empty;

  GcsServerAdaptor(Gcs& gcs, std::string token, Post post);

  Reactor* RegisterNode(Context*, const proto::NodeRecord*, Empty*) override;
  Reactor* ReportNode(Context*, const proto::ReportNodeRequest*, Empty*) override;
  Reactor* ListNodes(Context*, const Empty*, proto::NodeList*) override;
  Reactor* StartJob(Context*, const proto::JobRecord*, Empty*) override;
  Reactor* EndJob(Context*, const proto::EndJobRequest*, Empty*) override;
  Reactor* RegisterActor(Context*, const proto::RegisterActorRequest*,
                         proto::RegisterActorReply*) override;
  Reactor* ActorStarted(Context*, const proto::ActorStartedRequest*, Empty*) override;
  Reactor* ActorLost(Context*, const proto::ActorLostRequest*, Empty*) override;
  Reactor* ActorEnded(Context*, const proto::ActorEndedRequest*, Empty*) override;
  Reactor* OwnerDied(Context*, const proto::OwnerDiedRequest*, Empty*) override;
  Reactor* FindActor(Context*, const proto::FindActorRequest*, proto::FindActorReply*) override;
  grpc::ServerWriteReactor<proto::ActorRecord>* WatchActor(
      Context*, const proto::WatchActorRequest*) override;
  Reactor* PutKey(Context*, const proto::PutKeyRequest*, Empty*) override;
  Reactor* GetKey(Context*, const proto::KeyRequest*, proto::GetKeyReply*) override;
  Reactor* EraseKey(Context*, const proto::KeyRequest*, Empty*) override;
  Reactor* ListKeys(Context*, const proto::KeyRequest*, proto::ListKeysReply*) override;

  // Runs `body` on the loop; it answers through the Finished that it is given.
  Reactor* unary(Context* context, std::function<void(Gcs::Finished)> body);
  void finish(Reactor* reactor, const grpc::Status& status);
  bool is_allowed(const Context& context) const;

  Gcs& gcs_;
  const std::string token_;
  const Post post_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // the loop's thread only
  std::string address_;
  std::unique_ptr<grpc::Server> server_;

  std::mutex mutex_;
  bool closing_ = false;                             // guarded by mutex_
  std::set<Reactor*> unanswered_;                    // guarded by mutex_
  std::vector<std::weak_ptr<ActorStream>> streams_;  // guarded by mutex_
};

}  // namespace ray::rpc
