// UnixSocket carries whole messages, with descriptors, between two processes of a node.
//
// It is a SOCK_SEQPACKET socket. Messages above 64 KiB travel in a memfd, since the kernel bounds a
// packet by the socket's buffer. Descriptors arrive close-on-exec.
// Limits: 1 MiB a message, 16 descriptors. A larger one is refused with InvalidArgument, at the
// sender and at the receiver.
// Errors: Unavailable - the peer has closed; DeadlineExceeded - the time has passed (for the try_
// variants: would block); anything else ends the connection.
// Threading: one sender and one receiver at a time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/unique_fd.h"

namespace ray::ipc {

inline constexpr std::size_t kMessageBytesMax = 1 << 20;
inline constexpr std::size_t kMessageFdsMax = 16;

struct Message {
  std::string bytes;
  std::vector<base::UniqueFd> fds;
};

struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
};

class UnixSocket {
 public:
  // Both ends, for a child that is about to be started.
  static absl::StatusOr<std::pair<UnixSocket, UnixSocket>> pair();
  static absl::StatusOr<UnixSocket> connect(const std::string& path);
  explicit UnixSocket(base::UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }  // for an EventLoop: readable means try_receive()
  absl::StatusOr<PeerCredentials> peer() const;

  // `timeout_ns` bounds the call.
  absl::Status send(std::string_view bytes, std::span<const int> fds, std::int64_t timeout_ns);
  absl::StatusOr<Message> receive(std::int64_t timeout_ns);
  absl::Status try_send(std::string_view bytes, std::span<const int> fds = {});
  absl::StatusOr<Message> try_receive();

 private:
  base::UniqueFd fd_;  // non-blocking
};

// UnixListener takes connections at a path, which it removes when it is destroyed.
class UnixListener {
 public:
  // Mode 0600. The path is at most 107 bytes and must not exist.
  static absl::StatusOr<UnixListener> listen(const std::string& path);
  UnixListener(UnixListener&& other) noexcept = default;
  UnixListener& operator=(UnixListener&& other) noexcept = delete;
  ~UnixListener();

  int fd() const { return fd_.get(); }
  // DeadlineExceeded where nobody waits.
  absl::StatusOr<UnixSocket> try_accept();
  absl::StatusOr<UnixSocket> accept(std::int64_t timeout_ns);

 private:
  UnixListener(base::UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  base::UniqueFd fd_;
  std::string path_;
};

}  // namespace ray::ipc
