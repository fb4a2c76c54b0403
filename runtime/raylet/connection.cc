#include "runtime/raylet/connection.h"

#include <utility>

#include "runtime/base/text.h"

namespace ray::raylet {
namespace {

// Of one peer before the others have their turn.
constexpr int kMessagesPerTurn = 64;

}  // namespace

Connection::Connection(ipc::EventLoop& loop, ipc::UnixSocket socket)
    : loop_(loop), socket_(std::move(socket)) {}

Connection::~Connection() { stop(); }

absl::Status Connection::start(OnMessage on_message, OnClosed on_closed) {
  on_message_ = std::move(on_message);
  on_closed_ = std::move(on_closed);
  absl::Status status =
      loop_.add(socket_.fd(), EPOLLIN, [this](std::uint32_t ready) { on_events(ready); });
  started_ = status.ok();
  update_events();
  return status;
}

void Connection::send_bytes(std::string bytes, std::vector<base::UniqueFd> fds) {
  if (!open_ || failing_) return;
  Outgoing outgoing{std::move(bytes), std::move(fds)};
  if (queue_.empty()) {
    absl::Status status = try_send(outgoing);
    if (status.ok()) return;
    if (!absl::IsDeadlineExceeded(status)) {
      // What a closed peer sent before is still to be read: its end is seen there.
      if (!absl::IsUnavailable(status)) fail_later(std::move(status));
      return;
    }
  }
  queued_bytes_ += outgoing.bytes.size() + sizeof(Outgoing);
  queue_.push_back(std::move(outgoing));
  if (queue_.size() == 1) update_events();
  if (queued_bytes_ > kQueuedBytesMax) {
    fail_later(absl::ResourceExhaustedError(
        base::concat("it does not read its socket: ", queued_bytes_, " bytes wait for it")));
  }
}

void Connection::set_paused(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  update_events();
}

void Connection::drain() {
  while (receive_one()) {
  }
}

void Connection::retire(std::unique_ptr<Connection> connection) {
  if (connection == nullptr) return;
  connection->stop();
  ipc::EventLoop& loop = connection->loop_;
  loop.run_after(0, [doomed = std::shared_ptr<Connection>(std::move(connection))] {});
}

void Connection::on_events(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) flush();
  // What a peer that has closed left behind is read even from a paused one: it is not endless.
  const bool closed = (events & (EPOLLHUP | EPOLLERR)) != 0;
  for (int i = 0; i < kMessagesPerTurn && (closed || !paused_) && receive_one(); ++i) {
  }
}

bool Connection::receive_one() {
  if (!open_) return false;
  absl::StatusOr<ipc::Message> message = socket_.try_receive();
  if (absl::IsDeadlineExceeded(message.status())) return false;
  absl::Status status = message.ok() ? on_message_(*std::move(message)) : message.status();
  if (!status.ok()) close(std::move(status));
  return open_;
}

absl::Status Connection::try_send(const Outgoing& outgoing) {
  std::vector<int> fds;
  for (const base::UniqueFd& fd : outgoing.fds) fds.push_back(fd.get());
  return socket_.try_send(outgoing.bytes, fds);
}

void Connection::flush() {
  while (!queue_.empty()) {
    const absl::Status status = try_send(queue_.front());
    if (absl::IsDeadlineExceeded(status)) return;
    queued_bytes_ -= queue_.front().bytes.size() + sizeof(Outgoing);
    queue_.pop_front();
  }
  update_events();
}

void Connection::update_events() {
  if (!open_ || !started_) return;
  const std::uint32_t in = paused_ ? 0 : EPOLLIN;
  const std::uint32_t out = queue_.empty() ? 0 : EPOLLOUT;
  (void)loop_.modify(socket_.fd(), in | out);
}

// A sender is in the middle of something else: it hears of the end from the loop.
void Connection::fail_later(absl::Status status) {
  if (failing_) return;
  failing_ = true;
  failing_timer_ = loop_.run_after(0, [this, status = std::move(status)] {
    failing_ = false;
    close(status);
  });
}

void Connection::stop() {
  if (open_ && started_) loop_.remove(socket_.fd());
  open_ = false;
  if (failing_) loop_.cancel(failing_timer_);
  failing_ = false;
}

void Connection::close(absl::Status status) {
  if (!open_) return;
  stop();
  if (on_closed_) on_closed_(std::move(status));
}

}  // namespace ray::raylet
