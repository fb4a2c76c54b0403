#include "runtime/rpc/gcs_server.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "runtime/base/text.h"
#include "runtime/rpc/listen_address.h"
#include "runtime/rpc/record_codec.h"

namespace ray::rpc {
namespace {

constexpr std::size_t kStreamsBeforeSweep = 256;

grpc::Status closed() { return {grpc::StatusCode::UNAVAILABLE, "the GCS ends"}; }
grpc::Status not_allowed() {
  return {grpc::StatusCode::UNAUTHENTICATED, "the cluster's token is wrong or missing"};
}

// Takes the same time wherever the two differ.
bool equal_secrets(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<GcsServer>> GcsServerAdaptor::listen(Gcs& gcs,
                                                                    const std::string& address,
                                                                    const std::string& token,
                                                                    Post post) {
  if (token.empty() && !is_local_address(address)) {
    return absl::FailedPreconditionError(
        base::concat("to listen on ", address, ", which others reach, a token is needed"));
  }
  std::unique_ptr<GcsServerAdaptor> adaptor(new GcsServerAdaptor(gcs, token, std::move(post)));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(adaptor.get());
  adaptor->server_ = builder.BuildAndStart();
  if (adaptor->server_ == nullptr) {
    return absl::UnavailableError(base::concat("cannot listen on ", address));
  }
  adaptor->address_ = address.starts_with("unix:")
                          ? address
                          : base::concat(address.substr(0, address.rfind(':')), ":", port);
  return adaptor;
}

GcsServerAdaptor::GcsServerAdaptor(Gcs& gcs, std::string token, Post post)
    : gcs_(gcs), token_(std::move(token)), post_(std::move(post)) {}

GcsServerAdaptor::~GcsServerAdaptor() {
  *alive_ = false;
  if (server_ == nullptr) return;
  std::set<Reactor*> unanswered;
  std::vector<std::weak_ptr<ActorStream>> streams;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    unanswered = unanswered_;
    streams = streams_;
  }
  for (Reactor* reactor : unanswered) finish(reactor, closed());
  for (const auto& weak : streams) {
    if (const auto stream = weak.lock()) stream->close(closed());
  }
  server_->Shutdown(std::chrono::system_clock::now());
  server_.reset();
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::unary(Context* context,
                                                   std::function<void(Gcs::Finished)> body) {
  Reactor* reactor = context->DefaultReactor();
  bool refused = false;
  if (!is_allowed(*context)) {
    reactor->Finish(not_allowed());
    return reactor;
  }
  {
    const std::lock_guard lock(mutex_);
    refused = closing_;
    if (!refused) unanswered_.insert(reactor);
  }
  if (refused) {
    reactor->Finish(closed());
    return reactor;
  }
  post_([this, alive = alive_, reactor, body = std::move(body)] {
    if (!*alive) return;
    body([this, alive, reactor](const absl::Status& status) {
      if (*alive) finish(reactor, to_grpc(status));
    });
  });
  return reactor;
}

void GcsServerAdaptor::finish(Reactor* reactor, const grpc::Status& status) {
  {
    const std::lock_guard lock(mutex_);
    if (unanswered_.erase(reactor) == 0) return;
  }
  reactor->Finish(status);
}

bool GcsServerAdaptor::is_allowed(const Context& context) const {
  if (token_.empty()) return true;
  const auto sent = context.client_metadata().find("authorization");
  return sent != context.client_metadata().end() &&
         equal_secrets(std::string_view(sent->second.data(), sent->second.size()),
                       "Bearer " + token_);
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::RegisterNode(Context* context,
                                                          const proto::NodeRecord* request,
                                                          Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.register_node(from_proto(*request), std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::ReportNode(Context* context,
                                                        const proto::ReportNodeRequest* request,
                                                        Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.report_node(base::NodeId{request->node()},
                     {request->available().begin(), request->available().end()}, std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::ListNodes(Context* context, const Empty*,
                                                       proto::NodeList* reply) {
  return unary(context, [this, reply](const Gcs::Finished& done) {
    gcs_.list_nodes([reply, done](const absl::StatusOr<std::vector<NodeRecord>>& nodes) {
      if (!nodes.ok()) return done(nodes.status());
      for (const NodeRecord& node : *nodes) to_proto(node, *reply->add_nodes());
      done(absl::OkStatus());
    });
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::StartJob(Context* context,
                                                      const proto::JobRecord* request, Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.start_job(from_proto(*request), std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::EndJob(Context* context,
                                                    const proto::EndJobRequest* request, Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.end_job(base::JobId{request->job()}, std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::RegisterActor(
    Context* context, const proto::RegisterActorRequest* request,
    proto::RegisterActorReply* reply) {
  return unary(context, [this, request, reply](const Gcs::Finished& done) {
    const absl::StatusOr<ActorRecord> actor = from_proto(request->actor());
    if (!actor.ok()) return done(actor.status());
    gcs_.register_actor(*actor, request->get_if_exists(),
                        [reply, done](const absl::StatusOr<std::optional<base::ObjectId>>& found) {
                          if (!found.ok()) return done(found.status());
                          if (found->has_value()) to_proto(**found, *reply->mutable_existing());
                          done(absl::OkStatus());
                        });
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::ActorStarted(Context* context,
                                                          const proto::ActorStartedRequest* request,
                                                          Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.actor_started(from_proto(request->actor()), base::NodeId{request->node()},
                       base::ProcessId{request->worker()}, std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::ActorLost(Context* context,
                                                       const proto::ActorLostRequest* request,
                                                       Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.actor_lost(from_proto(request->actor()), base::ProcessId{request->worker()},
                    request->cause(), std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::ActorEnded(Context* context,
                                                        const proto::ActorEndedRequest* request,
                                                        Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.actor_ended(from_proto(request->actor()), request->cause(), std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::OwnerDied(Context* context,
                                                       const proto::OwnerDiedRequest* request,
                                                       Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.owner_died(base::ProcessId{request->owner()}, std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::FindActor(Context* context,
                                                       const proto::FindActorRequest* request,
                                                       proto::FindActorReply* reply) {
  return unary(context, [this, request, reply](const Gcs::Finished& done) {
    gcs_.find_actor(request->name_space(), request->name(),
                    [reply, done](const absl::StatusOr<std::optional<ActorRecord>>& found) {
                      if (!found.ok()) return done(found.status());
                      if (found->has_value()) to_proto(**found, *reply->mutable_actor());
                      done(absl::OkStatus());
                    });
  });
}

grpc::ServerWriteReactor<proto::ActorRecord>* GcsServerAdaptor::WatchActor(
    Context* context, const proto::WatchActorRequest* request) {
  const std::shared_ptr<ActorStream> stream = ActorStream::make();
  ActorStream* reactor = stream.get();
  if (!is_allowed(*context)) {
    stream->close(not_allowed());
    return reactor;
  }
  {
    const std::lock_guard lock(mutex_);
    if (closing_) {
      stream->close(closed());
      return reactor;
    }
    if (streams_.size() % kStreamsBeforeSweep == 0) {
      std::erase_if(streams_, [](const auto& weak) { return weak.expired(); });
    }
    streams_.push_back(stream);
  }
  const base::ObjectId actor = from_proto(request->actor());
  post_([this, alive = alive_, actor, weak = std::weak_ptr(stream)] {
    if (!*alive) return;
    gcs_.watch_actor(actor, [weak](const ActorRecord& record) {
      if (const auto watcher = weak.lock()) watcher->add(record);
    });
  });
  return reactor;
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::PutKey(Context* context,
                                                    const proto::PutKeyRequest* request, Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.put_key(request->key(), request->value(), std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::GetKey(Context* context,
                                                    const proto::KeyRequest* request,
                                                    proto::GetKeyReply* reply) {
  return unary(context, [this, request, reply](const Gcs::Finished& done) {
    gcs_.get_key(request->key(),
                 [reply, done](const absl::StatusOr<std::optional<std::string>>& value) {
                   if (value.ok() && value->has_value()) reply->set_value(**value);
                   done(value.status());
                 });
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::EraseKey(Context* context,
                                                      const proto::KeyRequest* request, Empty*) {
  return unary(context, [this, request](Gcs::Finished done) {
    gcs_.erase_key(request->key(), std::move(done));
  });
}

GcsServerAdaptor::Reactor* GcsServerAdaptor::ListKeys(Context* context,
                                                      const proto::KeyRequest* request,
                                                      proto::ListKeysReply* reply) {
  return unary(context, [this, request, reply](const Gcs::Finished& done) {
    gcs_.list_keys(request->key(),
                   [reply, done](const absl::StatusOr<std::vector<std::string>>& keys) {
                     if (!keys.ok()) return done(keys.status());
                     for (const std::string& key : *keys) reply->add_keys(key);
                     done(absl::OkStatus());
                   });
  });
}

}  // namespace ray::rpc
