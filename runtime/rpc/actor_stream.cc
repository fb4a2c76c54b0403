#include "runtime/rpc/actor_stream.h"

#include <utility>

#include "runtime/rpc/record_codec.h"

namespace ray::rpc {

std::shared_ptr<ActorStream> ActorStream::make() {
  std::shared_ptr<ActorStream> stream(new ActorStream);
  stream->self_ = stream;
  return stream;
}

void ActorStream::add(const ActorRecord& record) {
  std::unique_lock lock(mutex_);
  if (finished_) return;
  to_proto(record, waiting_.emplace_back());
  if (!writing_) write_next(lock);
}

void ActorStream::close(const grpc::Status& status) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(finished_, true)) return;
  }
  Finish(status);
}

void ActorStream::OnWriteDone(bool ok) {
  if (!ok) return close(grpc::Status::CANCELLED);
  std::unique_lock lock(mutex_);
  const bool last = waiting_.front().state() == proto::ActorRecord::DEAD;
  waiting_.pop_front();
  writing_ = false;
  if (last) {
    lock.unlock();
    return close(grpc::Status::OK);
  }
  if (!finished_ && !waiting_.empty()) write_next(lock);
}

void ActorStream::OnCancel() { close(grpc::Status::CANCELLED); }

void ActorStream::OnDone() { const std::shared_ptr<ActorStream> last = std::move(self_); }

// gRPC may call back before StartWrite returns.
void ActorStream::write_next(std::unique_lock<std::mutex>& lock) {
  writing_ = true;
  const proto::ActorRecord* record = &waiting_.front();
  lock.unlock();
  StartWrite(record);
}

}  // namespace ray::rpc
