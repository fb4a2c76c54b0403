#include "runtime/ipc/unix_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "runtime/base/clock.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"

namespace ray::ipc {
namespace {

// In front of every message. `in_file`: the bytes are in a memfd, the last descriptor.
struct PacketHeader {
  std::uint32_t size;
  std::uint32_t in_file;
};

constexpr std::size_t kPacketBytesMax = 64 * 1024;
constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(int) * (kMessageFdsMax + 1));

absl::Status would_block() { return absl::DeadlineExceededError("socket not ready"); }

absl::Status socket_status(const char* what) {
  switch (errno) {
    case EAGAIN:
      return would_block();
    case EPIPE:
    case ECONNRESET:
      return absl::UnavailableError("the peer has closed");
    default:
      return base::errno_status(what);
  }
}

// Waits for `events` until `deadline_ns`.
absl::Status wait_for(int fd, short events, std::int64_t deadline_ns) {
  for (;;) {
    const std::int64_t left = std::max<std::int64_t>(0, deadline_ns - base::monotonic_ns());
    const timespec timeout{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    pollfd watched{.fd = fd, .events = events, .revents = 0};
    const int ready = ppoll(&watched, 1, &timeout, nullptr);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return base::errno_status("poll");
    if (left == 0) return would_block();
  }
}

// Repeats `attempt` while it would block, until the time is over.
template <class Attempt>
auto with_deadline(int fd, short events, std::int64_t timeout_ns, Attempt attempt)
    -> decltype(attempt()) {
  const std::int64_t deadline_ns = base::monotonic_ns() + timeout_ns;
  for (;;) {
    auto result = attempt();
    absl::Status status;
    if constexpr (std::is_same_v<decltype(result), absl::Status>) {
      status = result;
    } else {
      status = result.status();
    }
    if (!absl::IsDeadlineExceeded(status)) return result;
    if (absl::Status ready = wait_for(fd, events, deadline_ns); !ready.ok()) return ready;
  }
}

absl::StatusOr<base::UniqueFd> file_of(std::string_view bytes) {
  base::UniqueFd file(memfd_create("ray-message", MFD_CLOEXEC));
  if (!file) return base::errno_status("memfd_create");
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return base::errno_status("write a message");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return file;
}

// The peer still holds the file: its size may change meanwhile, so a short read is an error.
absl::StatusOr<std::string> bytes_of(int file, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(file, bytes.data() + done, size - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::errno_status("read a message");
    if (got == 0) return absl::InvalidArgumentError("message shorter than it says");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

absl::Status send_packet(int socket, PacketHeader header, std::string_view bytes,
                         std::span<const int> fds) {
  std::array<iovec, 2> parts{
      {{&header, sizeof(header)}, {const_cast<char*>(bytes.data()), bytes.size()}}};
  alignas(cmsghdr) std::array<char, kControlBytes> control{};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  if (!fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
  }
  for (;;) {
    if (sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return absl::OkStatus();
    if (errno != EINTR) return socket_status("send");
  }
}

std::vector<base::UniqueFd> fds_of(msghdr& message) {
  std::vector<base::UniqueFd> fds;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
      fds.emplace_back(fd);
    }
  }
  return fds;
}

absl::StatusOr<base::UniqueFd> new_socket() {
  base::UniqueFd fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return base::errno_status("socket");
  return fd;
}

absl::StatusOr<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        base::concat("socket path of ", path.size(), " bytes, at most 107 work: ", path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

}  // namespace

absl::StatusOr<std::pair<UnixSocket, UnixSocket>> UnixSocket::pair() {
  std::array<int, 2> fds;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds.data()) != 0) {
    return base::errno_status("socketpair");
  }
  return std::pair(UnixSocket(base::UniqueFd(fds[0])), UnixSocket(base::UniqueFd(fds[1])));
}

absl::StatusOr<UnixSocket> UnixSocket::connect(const std::string& path) {
  RAY_ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  RAY_ASSIGN_OR_RETURN(base::UniqueFd fd, new_socket());
  // Does not wait, whatever the flags: a full backlog is EAGAIN.
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return base::errno_status(base::concat("connect to ", path));
  }
  return UnixSocket(std::move(fd));
}

absl::StatusOr<PeerCredentials> UnixSocket::peer() const {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (getsockopt(fd(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return base::errno_status("SO_PEERCRED");
  }
  return PeerCredentials{.pid = credentials.pid, .uid = credentials.uid};
}

absl::Status UnixSocket::try_send(std::string_view bytes, std::span<const int> fds) {
  if (bytes.size() > kMessageBytesMax || fds.size() > kMessageFdsMax) {
    return absl::InvalidArgumentError(
        base::concat("message of ", bytes.size(), " bytes and ", fds.size(), " descriptors"));
  }
  PacketHeader header{.size = static_cast<std::uint32_t>(bytes.size()), .in_file = 0};
  if (bytes.size() <= kPacketBytesMax) return send_packet(fd(), header, bytes, fds);

  RAY_ASSIGN_OR_RETURN(const base::UniqueFd file, file_of(bytes));
  header.in_file = 1;
  std::vector<int> all(fds.begin(), fds.end());
  all.push_back(file.get());
  return send_packet(fd(), header, {}, all);
}

absl::StatusOr<Message> UnixSocket::try_receive() {
  PacketHeader header{};
  std::array<char, kPacketBytesMax> buffer;
  std::array<iovec, 2> parts{{{&header, sizeof(header)}, {buffer.data(), buffer.size()}}};
  alignas(cmsghdr) std::array<char, kControlBytes> control{};
  msghdr packet{};
  packet.msg_iov = parts.data();
  packet.msg_iovlen = parts.size();
  packet.msg_control = control.data();
  packet.msg_controllen = control.size();
  ssize_t got;
  do {
    got = recvmsg(fd(), &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return socket_status("receive");
  if (got == 0) return absl::UnavailableError("the peer has closed");

  Message message;
  message.fds = fds_of(packet);
  const std::size_t carried =
      static_cast<std::size_t>(got) - std::min<std::size_t>(got, sizeof(header));
  if ((packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ||
      got < static_cast<ssize_t>(sizeof(header)) || header.size > kMessageBytesMax ||
      header.in_file > 1 || (header.in_file == 1 ? message.fds.empty() : header.size != carried)) {
    return absl::InvalidArgumentError("malformed packet");
  }
  if (header.in_file == 0) {
    message.bytes.assign(buffer.data(), carried);
  } else {
    RAY_ASSIGN_OR_RETURN(message.bytes, bytes_of(message.fds.back().get(), header.size));
    message.fds.pop_back();
  }
  if (message.fds.size() > kMessageFdsMax)
    return absl::InvalidArgumentError("too many descriptors");
  return message;
}

absl::Status UnixSocket::send(std::string_view bytes, std::span<const int> fds,
                              std::int64_t timeout_ns) {
  return with_deadline(fd(), POLLOUT, timeout_ns, [&] { return try_send(bytes, fds); });
}

absl::StatusOr<Message> UnixSocket::receive(std::int64_t timeout_ns) {
  return with_deadline(fd(), POLLIN, timeout_ns, [&] { return try_receive(); });
}

absl::StatusOr<UnixListener> UnixListener::listen(const std::string& path) {
  RAY_ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  RAY_ASSIGN_OR_RETURN(base::UniqueFd fd, new_socket());
  // fchmod before bind sets the mode that the path is made with, so nobody else can come between.
  if (fchmod(fd.get(), 0600) != 0) return base::errno_status("fchmod a socket");
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return base::errno_status(base::concat("bind ", path));
  }
  UnixListener listener(std::move(fd), path);
  if (::listen(listener.fd(), SOMAXCONN) != 0) {
    return base::errno_status(base::concat("listen on ", path));
  }
  return listener;
}

UnixListener::~UnixListener() {
  if (fd_) unlink(path_.c_str());
}

absl::StatusOr<UnixSocket> UnixListener::try_accept() {
  for (;;) {
    base::UniqueFd fd(accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd) return UnixSocket(std::move(fd));
    if (errno != EINTR && errno != ECONNABORTED) return socket_status("accept");
  }
}

absl::StatusOr<UnixSocket> UnixListener::accept(std::int64_t timeout_ns) {
  return with_deadline(fd(), POLLIN, timeout_ns, [&] { return try_accept(); });
}

}  // namespace ray::ipc
