// ClusterConnection asks one running cluster about itself, as a driver that runs no tasks.
//
// Threading: one thread. Every call ends within kTimeoutNs, with a Status that says what failed.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/unix_socket.h"

namespace ray::rayctl {

inline constexpr std::int64_t kTimeoutNs = 5'000'000'000;

class ClusterConnection {
 public:
  // `address` is the session folder.
  static absl::StatusOr<ClusterConnection> open(const std::string& address);

  std::int32_t daemon_pid() const { return welcome_.raylet_pid; }
  absl::StatusOr<ipc::ClusterState> query();

 private:
  ClusterConnection(ipc::UnixSocket socket, ipc::Welcome welcome)
      : socket_(std::move(socket)), welcome_(std::move(welcome)) {}

  ipc::UnixSocket socket_;
  ipc::Welcome welcome_;
};

// Addresses of the clusters that this user runs on this machine, running or just left behind.
std::vector<std::string> list_sessions(const std::string& session_parent);

}  // namespace ray::rayctl
