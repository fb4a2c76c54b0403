// ActorStream sends one actor's changes to one remote watcher.
//
// Threading: add() and close() from any thread. Ownership: shared by whoever feeds it and by gRPC,
// which lets go of it in OnDone.
#pragma once

#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <mutex>

#include "proto/ray.pb.h"
#include "runtime/rpc/gcs.h"

namespace ray::rpc {

class ActorStream final : public grpc::ServerWriteReactor<proto::ActorRecord> {
 public:
  static std::shared_ptr<ActorStream> make();

  // The last is that of the actor's death: the stream ends behind it.
  void add(const ActorRecord& record);
  // Ends the stream at once, where it has not ended.
  void close(const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  ActorStream() = default;
  void write_next(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::deque<proto::ActorRecord> waiting_;  // the first is being written, where `writing_`
  bool writing_ = false;
  bool finished_ = false;
  std::shared_ptr<ActorStream> self_;  // until OnDone
};

}  // namespace ray::rpc
