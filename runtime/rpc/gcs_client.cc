#include "runtime/rpc/gcs_client.h"

#include <chrono>
#include <utility>

#include "runtime/rpc/record_codec.h"

namespace ray::rpc {

// One actor's stream of changes; it owns itself until gRPC is done with it.
class GcsClient::Watch final : public grpc::ClientReadReactor<proto::ActorRecord> {
 public:
  Watch(GcsClient& client, base::ObjectId actor, ActorWatcher watcher)
      : client_(client), actor_(actor), watcher_(std::move(watcher)) {
    to_proto(actor, *request_.mutable_actor());
    client_.prepare(context_);
    client_.stub_->async()->WatchActor(context_.get(), &request_, this);
    StartRead(&message_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    absl::StatusOr<ActorRecord> record = from_proto(message_);
    if (record.ok()) {
      dead_ = record->state == ActorRecord::State::dead;
      client_.on_loop([watcher = watcher_, record = *std::move(record)] { watcher(record); });
    }
    StartRead(&message_);
  }

  // The stream ends with the actor; where it broke, it is begun again.
  void OnDone(const grpc::Status& status) override {
    if (!dead_ && status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      client_.on_loop([client = &client_, actor = actor_, watcher = std::move(watcher_)] {
        client->start_watch(actor, watcher);
      });
    }
    client_.forget(context_);
    delete this;
  }

 private:
  GcsClient& client_;
  const base::ObjectId actor_;
  ActorWatcher watcher_;
  const std::shared_ptr<grpc::ClientContext> context_ = std::make_shared<grpc::ClientContext>();
  proto::WatchActorRequest request_;
  proto::ActorRecord message_;
  bool dead_ = false;
};

GcsClient::GcsClient(const std::string& address, std::string token, Post post)
    : token_(std::move(token)),
      post_(std::move(post)),
      stub_(proto::GcsService::NewStub(
          grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {}

GcsClient::~GcsClient() {
  *alive_ = false;
  std::unique_lock lock(mutex_);
  const std::set<std::shared_ptr<grpc::ClientContext>> cancelled = under_way_;
  lock.unlock();
  for (const auto& context : cancelled) context->TryCancel();
  lock.lock();
  idle_.wait(lock, [this] { return under_way_.empty(); });
}

template <class Request, class Reply, class Answer>
void GcsClient::call(Method<Request, Reply> method, Request request, Answer answer) {
  struct Call {
    std::shared_ptr<grpc::ClientContext> context = std::make_shared<grpc::ClientContext>();
    Request request;
    Reply reply;
  };
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->context->set_deadline(std::chrono::system_clock::now() +
                              std::chrono::seconds(kCallSeconds));
  waiting_.push_back([this, method, call, answer = std::move(answer)] {
    prepare(call->context);
    (stub_->async()->*method)(call->context.get(), &call->request, &call->reply,
                              [this, call, answer](const grpc::Status& status) {
                                on_loop([this, call, answer, status = from_grpc(status)] {
                                  calling_ = false;
                                  start_next();
                                  answer(status, call->reply);
                                });
                                forget(call->context);
                              });
  });
  start_next();
}

void GcsClient::start_next() {
  if (calling_ || waiting_.empty()) return;
  calling_ = true;
  const std::function<void()> start = std::move(waiting_.front());
  waiting_.pop_front();
  start();
}

template <class Request>
void GcsClient::call_empty(Method<Request, proto::Empty> method, Request request, Finished done) {
  call(method, std::move(request),
       [done = std::move(done)](const absl::Status& status, const proto::Empty&) { done(status); });
}

void GcsClient::on_loop(std::function<void()> closure) {
  post_([alive = alive_, closure = std::move(closure)] {
    if (*alive) closure();
  });
}

void GcsClient::prepare(const std::shared_ptr<grpc::ClientContext>& context) {
  // A GCS that is being restarted is waited for.
  context->set_wait_for_ready(true);
  if (!token_.empty()) context->AddMetadata("authorization", "Bearer " + token_);
  const std::lock_guard lock(mutex_);
  under_way_.insert(context);
}

void GcsClient::forget(const std::shared_ptr<grpc::ClientContext>& context) {
  const std::lock_guard lock(mutex_);
  under_way_.erase(context);
  if (under_way_.empty()) idle_.notify_all();
}

void GcsClient::start_watch(base::ObjectId actor, ActorWatcher watcher) {
  new Watch(*this, actor, std::move(watcher));
}

void GcsClient::register_node(const NodeRecord& node, Finished done) {
  proto::NodeRecord request;
  to_proto(node, request);
  call_empty<proto::NodeRecord>(&Stub::RegisterNode, std::move(request), std::move(done));
}

void GcsClient::report_node(base::NodeId node, const std::map<std::string, double>& available,
                            Finished done) {
  proto::ReportNodeRequest request;
  request.set_node(node.value);
  request.mutable_available()->insert(available.begin(), available.end());
  call_empty<proto::ReportNodeRequest>(&Stub::ReportNode, std::move(request), std::move(done));
}

void GcsClient::list_nodes(Done<std::vector<NodeRecord>> done) {
  call<proto::Empty, proto::NodeList>(
      &Stub::ListNodes, proto::Empty(),
      [done = std::move(done)](const absl::Status& status, const proto::NodeList& reply) {
        if (!status.ok()) return done(status);
        std::vector<NodeRecord> nodes;
        for (const proto::NodeRecord& node : reply.nodes()) nodes.push_back(from_proto(node));
        done(std::move(nodes));
      });
}

void GcsClient::start_job(const JobRecord& job, Finished done) {
  proto::JobRecord request;
  to_proto(job, request);
  call_empty<proto::JobRecord>(&Stub::StartJob, std::move(request), std::move(done));
}

void GcsClient::end_job(base::JobId job, Finished done) {
  proto::EndJobRequest request;
  request.set_job(job.value);
  call_empty<proto::EndJobRequest>(&Stub::EndJob, std::move(request), std::move(done));
}

void GcsClient::register_actor(const ActorRecord& actor, bool get_if_exists,
                               Done<std::optional<base::ObjectId>> done) {
  proto::RegisterActorRequest request;
  to_proto(actor, *request.mutable_actor());
  request.set_get_if_exists(get_if_exists);
  call<proto::RegisterActorRequest, proto::RegisterActorReply>(
      &Stub::RegisterActor, std::move(request),
      [done = std::move(done)](const absl::Status& status, const proto::RegisterActorReply& reply) {
        if (!status.ok()) return done(status);
        std::optional<base::ObjectId> existing;
        if (reply.has_existing()) existing = from_proto(reply.existing());
        done(existing);
      });
}

void GcsClient::actor_started(base::ObjectId actor, base::NodeId node, base::ProcessId worker,
                              Finished done) {
  proto::ActorStartedRequest request;
  to_proto(actor, *request.mutable_actor());
  request.set_node(node.value);
  request.set_worker(worker.value);
  call_empty<proto::ActorStartedRequest>(&Stub::ActorStarted, std::move(request), std::move(done));
}

void GcsClient::actor_lost(base::ObjectId actor, base::ProcessId worker, const std::string& cause,
                           Finished done) {
  proto::ActorLostRequest request;
  to_proto(actor, *request.mutable_actor());
  request.set_worker(worker.value);
  request.set_cause(cause);
  call_empty<proto::ActorLostRequest>(&Stub::ActorLost, std::move(request), std::move(done));
}

void GcsClient::actor_ended(base::ObjectId actor, const std::string& cause, Finished done) {
  proto::ActorEndedRequest request;
  to_proto(actor, *request.mutable_actor());
  request.set_cause(cause);
  call_empty<proto::ActorEndedRequest>(&Stub::ActorEnded, std::move(request), std::move(done));
}

void GcsClient::owner_died(base::ProcessId owner, Finished done) {
  proto::OwnerDiedRequest request;
  request.set_owner(owner.value);
  call_empty<proto::OwnerDiedRequest>(&Stub::OwnerDied, std::move(request), std::move(done));
}

void GcsClient::find_actor(const std::string& name_space, const std::string& name,
                           Done<std::optional<ActorRecord>> done) {
  proto::FindActorRequest request;
  request.set_name_space(name_space);
  request.set_name(name);
  call<proto::FindActorRequest, proto::FindActorReply>(
      &Stub::FindActor, std::move(request),
      [done = std::move(done)](const absl::Status& status, const proto::FindActorReply& reply) {
        if (!status.ok()) return done(status);
        if (!reply.has_actor()) return done(std::optional<ActorRecord>());
        absl::StatusOr<ActorRecord> record = from_proto(reply.actor());
        if (!record.ok()) return done(record.status());
        done(std::optional<ActorRecord>(*std::move(record)));
      });
}

void GcsClient::watch_actor(base::ObjectId actor, ActorWatcher watcher) {
  start_watch(actor, std::move(watcher));
}

void GcsClient::put_key(const std::string& key, const std::string& value, Finished done) {
  proto::PutKeyRequest request;
  request.set_key(key);
  request.set_value(value);
  call_empty<proto::PutKeyRequest>(&Stub::PutKey, std::move(request), std::move(done));
}

void GcsClient::get_key(const std::string& key, Done<std::optional<std::string>> done) {
  proto::KeyRequest request;
  request.set_key(key);
  call<proto::KeyRequest, proto::GetKeyReply>(
      &Stub::GetKey, std::move(request),
      [done = std::move(done)](const absl::Status& status, const proto::GetKeyReply& reply) {
        if (!status.ok()) return done(status);
        std::optional<std::string> value;
        if (reply.has_value()) value = reply.value();
        done(std::move(value));
      });
}

void GcsClient::erase_key(const std::string& key, Finished done) {
  proto::KeyRequest request;
  request.set_key(key);
  call_empty<proto::KeyRequest>(&Stub::EraseKey, std::move(request), std::move(done));
}

void GcsClient::list_keys(const std::string& prefix, Done<std::vector<std::string>> done) {
  proto::KeyRequest request;
  request.set_key(prefix);
  call<proto::KeyRequest, proto::ListKeysReply>(
      &Stub::ListKeys, std::move(request),
      [done = std::move(done)](const absl::Status& status, const proto::ListKeysReply& reply) {
        if (!status.ok()) return done(status);
        done(std::vector<std::string>(reply.keys().begin(), reply.keys().end()));
      });
}

}  // namespace ray::rpc
