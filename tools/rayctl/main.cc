// rayctl: starts, shows and stops clusters of this user on this machine.
//
//   rayctl start [--num-cpus N ...]   a cluster that outlives its drivers; prints its address
//   rayctl status [ADDRESS]           what runs, and what is free
//   rayctl stop [ADDRESS]             ends it, with all that runs in it
//
// A program joins with RAY_ADDRESS=<address> or ray::init({.address = ...}).
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cluster_connection.h"
#include "runtime/base/text.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/process.h"

namespace ray::rayctl {
namespace {

std::string session_parent() {
  const char* folder = std::getenv("XDG_RUNTIME_DIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

int fail(const std::string& message) {
  std::fprintf(stderr, "rayctl: %s\n", message.c_str());
  return 1;
}

void print_amounts(const char* title, const std::map<std::string, double>& total,
                   const std::map<std::string, double>& available) {
  std::printf("  %s\n", title);
  for (const auto& [name, amount] : total) {
    const auto free = available.find(name);
    std::printf("    %-20s %12g of %g\n", name.c_str(), free == available.end() ? 0 : free->second,
                amount);
  }
}

int show(const std::string& address) {
  absl::StatusOr<ClusterConnection> connection = ClusterConnection::open(address);
  if (!connection.ok()) {
    return fail(base::concat("nothing answers at ", address, ": ", connection.status().message()));
  }
  const absl::StatusOr<ipc::ClusterState> state = connection->query();
  if (!state.ok()) return fail(base::concat(address, ": ", state.status().message()));
  std::printf("%s (daemon pid %d, %zu node%s)\n", address.c_str(), connection->daemon_pid(),
              state->nodes.size(), state->nodes.size() == 1 ? "" : "s");
  print_amounts("free", state->total, state->available);
  return 0;
}

int status(const std::string& address) {
  if (!address.empty()) return show(address);
  const std::vector<std::string> sessions = list_sessions(session_parent());
  if (sessions.empty()) std::printf("no cluster runs here; `rayctl start` starts one\n");
  int worst = 0;
  for (const std::string& session : sessions) worst = std::max(worst, show(session));
  return worst;
}

int stop(std::string address) {
  if (address.empty()) {
    const std::vector<std::string> sessions = list_sessions(session_parent());
    if (sessions.size() != 1) {
      return fail(sessions.empty() ? "no cluster runs here"
                                   : "several clusters run here: name one (`rayctl status`)");
    }
    address = sessions.front();
  }
  const absl::StatusOr<ClusterConnection> connection = ClusterConnection::open(address);
  if (!connection.ok()) {
    return fail(base::concat("nothing answers at ", address, ": ", connection.status().message()));
  }
  const absl::StatusOr<base::UniqueFd> daemon = ipc::open_pidfd(connection->daemon_pid());
  if (!daemon.ok() || !ipc::send_signal(daemon->get(), SIGTERM).ok()) {
    return fail(base::concat("cannot end the daemon, pid ", connection->daemon_pid()));
  }
  return 0;
}

// rayd stands beside rayctl, and says its address on stdout once it listens.
int start(const std::vector<std::string>& options) {
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail("no pipe");
  const base::UniqueFd from_daemon(ends[0]);
  base::UniqueFd to_us(ends[1]);

  ipc::SpawnOptions daemon;
  daemon.path = self.parent_path() / "rayd";
  daemon.arguments = {"rayd"};
  daemon.arguments.insert(daemon.arguments.end(), options.begin(), options.end());
  for (char** entry = environ; *entry != nullptr; ++entry) daemon.environment.emplace_back(*entry);
  daemon.fds = {{to_us.get(), STDOUT_FILENO}, {STDERR_FILENO, STDERR_FILENO}};
  daemon.new_session = true;
  const absl::StatusOr<ipc::ChildProcess> child = ipc::spawn(daemon);
  if (!child.ok()) {
    return fail(base::concat("cannot start ", daemon.path, ": ", child.status().message()));
  }
  to_us.reset();
  char address[4096];
  const ssize_t size = ::read(from_daemon.get(), address, sizeof address - 1);
  if (size <= 0) return 1;  // the daemon has said why on stderr
  address[size] = '\0';
  std::printf("%s", address);
  std::fprintf(stderr, "join it with RAY_ADDRESS=%s", address);
  return 0;
}

}  // namespace
}  // namespace ray::rayctl

int main(int argc, char** argv) {
  using namespace ray::rayctl;
  CLI::App app{"Starts, shows and stops ray clusters of this user on this machine.", "rayctl"};
  app.require_subcommand(1);
  std::string address;
  CLI::App* start_command = app.add_subcommand("start", "Start a cluster and print its address");
  start_command->prefix_command();  // what follows is rayd's
  start_command->footer("Options are those of rayd, such as --num-cpus; see rayd --help.");
  CLI::App* status_command = app.add_subcommand("status", "Show clusters and what is free in them");
  status_command->add_option("address", address, "Session folder; all of this user's by default");
  CLI::App* stop_command = app.add_subcommand("stop", "End a cluster");
  stop_command->add_option("address", address, "Session folder; the only one by default");
  CLI11_PARSE(app, argc, argv);
  if (start_command->parsed()) return start(start_command->remaining());
  if (stop_command->parsed()) return stop(address);
  return status(address);
}
