// Connection is one client's or zygote's control socket on the event loop: it receives whole
// messages, and queues those that the peer is too slow to take.
//
// Threading: the loop's thread. Ownership: the socket. A callback must not destroy the connection:
// retire() does that once the loop is back.
// Limits: `queued_bytes_max` bytes wait for the peer; one that lets more gather is closed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/event_loop.h"
#include "runtime/ipc/typed_message.h"
#include "runtime/ipc/unix_socket.h"

namespace ray::raylet {

class Connection {
 public:
  static constexpr std::size_t kQueuedBytesMax = 16 << 20;

  // An error ends the connection, with `closed`.
  using OnMessage = std::function<absl::Status(ipc::Message)>;
  // Once: the peer closed (Unavailable), broke the protocol, or does not read. Never from send().
  using OnClosed = std::function<void(absl::Status)>;

  Connection(ipc::EventLoop& loop, ipc::UnixSocket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Begins to receive; called once.
  absl::Status start(OnMessage on_message, OnClosed on_closed);

  template <class M>
  void send(const M& message, std::vector<base::UniqueFd> fds = {}) {
    send_bytes(ipc::encode_typed(message), std::move(fds));
  }
  void send_bytes(std::string bytes, std::vector<base::UniqueFd> fds = {});

  // While set, what the peer sends stays in its socket, and makes it wait in the end.
  void set_paused(bool paused);

  // Handles what the peer, which is dead, sent before.
  void drain();

  // Hears and says nothing more, at once, and is destroyed a little later.
  static void retire(std::unique_ptr<Connection> connection);

  const ipc::UnixSocket& socket() const { return socket_; }

 private:
  struct Outgoing {
    std::string bytes;
    std::vector<base::UniqueFd> fds;
  };

  void on_events(std::uint32_t events);
  bool receive_one();  // false: nothing is left for now, or the connection is over
  absl::Status try_send(const Outgoing& outgoing);
  void flush();
  void update_events();
  void fail_later(absl::Status status);
  void stop();
  void close(absl::Status status);

  ipc::EventLoop& loop_;
  ipc::UnixSocket socket_;
  OnMessage on_message_;
  OnClosed on_closed_;
  std::deque<Outgoing> queue_;
  std::size_t queued_bytes_ = 0;
  bool open_ = true;
  bool started_ = false;
  bool paused_ = false;
  bool failing_ = false;
  ipc::EventLoop::TimerId failing_timer_;
};

}  // namespace ray::raylet
