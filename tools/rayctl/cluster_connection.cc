#include "cluster_connection.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "runtime/base/status.h"
#include "runtime/base/text.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/typed_message.h"

namespace ray::rayctl {
namespace {

// The next message of type M; others that come before it are passed over.
template <class M>
absl::StatusOr<M> receive(ipc::UnixSocket& socket) {
  for (;;) {
    RAY_ASSIGN_OR_RETURN(const ipc::Message message, socket.receive(kTimeoutNs));
    if (ipc::type_of(message.bytes) == static_cast<std::uint16_t>(M::kType)) {
      return ipc::decode_typed<M>(message.bytes);
    }
  }
}

}  // namespace

absl::StatusOr<ClusterConnection> ClusterConnection::open(const std::string& address) {
  RAY_ASSIGN_OR_RETURN(ipc::UnixSocket socket, ipc::UnixSocket::connect(address + "/raylet.sock"));
  const base::UniqueFd self(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  ipc::Hello hello;
  hello.pid = ::getpid();
  hello.name = "rayctl";
  hello.working_folder = "/";
  RAY_RETURN_IF_ERROR(socket.send(ipc::encode_typed(hello), std::array{self.get()}, kTimeoutNs));
  RAY_ASSIGN_OR_RETURN(ipc::Welcome welcome, receive<ipc::Welcome>(socket));
  if (!welcome.error.empty()) return absl::FailedPreconditionError(welcome.error);
  return ClusterConnection(std::move(socket), std::move(welcome));
}

absl::StatusOr<ipc::ClusterState> ClusterConnection::query() {
  RAY_RETURN_IF_ERROR(
      socket_.send(ipc::encode_typed(ipc::QueryCluster{.request = 1}), {}, kTimeoutNs));
  return receive<ipc::ClusterState>(socket_);
}

std::vector<std::string> list_sessions(const std::string& session_parent) {
  std::vector<std::string> sessions;
  std::error_code error;
  const std::string folder = base::concat(session_parent, "/ray-cc-", ::getuid());
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) sessions.push_back(entry.path().string());
  }
  std::sort(sessions.begin(), sessions.end());
  return sessions;
}

}  // namespace ray::rayctl
