// rayd: the daemon of a node. Composes raylet and GCS, and watches over the process itself:
// signals, children, its session folder.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "daemon_options.h"
#include "file_log.h"
#include "runtime/base/session.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"
#include "runtime/gcs/gcs_service.h"
#include "runtime/ipc/event_loop.h"
#include "runtime/ipc/process.h"
#include "runtime/raylet/raylet.h"
#include "runtime/rpc/rpc_module.h"
#include "signal_watch.h"

namespace ray::rayd {
namespace {

constexpr std::int64_t kChildrenEndNs = 2'000'000'000;
constexpr std::int64_t kReportNs = 2'000'000'000;

absl::StatusOr<base::Session> open_session(const DaemonOptions& options) {
  if (!options.session_folder.empty()) return base::Session::adopt(options.session_folder);
  const char* runtime_folder = ::getenv("XDG_RUNTIME_DIR");
  const std::string parent = runtime_folder != nullptr ? runtime_folder : "/tmp";
  (void)base::sweep_sessions(parent);
  return base::Session::create(parent);
}

absl::StatusOr<std::unique_ptr<FileLog>> open_log(const DaemonOptions& options,
                                                  const std::string& session) {
  const std::string folder = session + "/logs";
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return base::errno_status(base::concat("create ", folder));
  }
  const std::string path = options.log_file.empty() ? folder + "/rayd.log" : options.log_file;
  return FileLog::open(path, options.verbose ? base::LogLevel::debug : base::LogLevel::info);
}

// The cluster's shared secret: a file that only its user can read.
absl::StatusOr<std::string> read_token(const std::string& path) {
  if (path.empty()) return "";
  struct stat found;
  if (::stat(path.c_str(), &found) != 0) return base::errno_status(base::concat("read ", path));
  if (found.st_uid != ::getuid() || (found.st_mode & 077) != 0) {
    return absl::PermissionDeniedError(base::concat(path, " can be read by others"));
  }
  std::ifstream file(path);
  std::string token;
  if (!(file >> token)) return absl::InvalidArgumentError(base::concat(path, " is empty"));
  return token;
}

// Beside the program, as it is installed and as it is built.
std::string module_path() {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  return program.parent_path().parent_path() / "lib/libray_rpc.so";
}

class Daemon {
 public:
  Daemon(const DaemonOptions& options, base::Session session, std::unique_ptr<FileLog> log)
      : options_(options), session_(std::move(session)), log_(std::move(log)) {}

  absl::Status start() {
    RAY_ASSIGN_OR_RETURN(SignalWatch signals,
                         SignalWatch::create(loop_, {SIGCHLD, SIGTERM, SIGINT, SIGHUP},
                                             [this](int signal) { on_signal(signal); }));
    signals_.emplace(std::move(signals));
    if (options_.role != DaemonOptions::Role::raylet) {
      gcs_.emplace(gcs::GcsService::Options{}, [] { return std::chrono::steady_clock::now(); });
    }
    if (!options_.gcs_address.empty()) RAY_RETURN_IF_ERROR(start_rpc());
    if (options_.role != DaemonOptions::Role::gcs) RAY_RETURN_IF_ERROR(start_raylet());
    return absl::OkStatus();
  }

  void run() {
    loop_.run();
    server_.reset();
    client_.reset();
    raylet_.reset();
    const absl::Status ended = ipc::kill_children(kChildrenEndNs);
    if (!ended.ok()) log_->error(ended.message());
    remove_session();
  }

  void remove_session() {
    const absl::Status removed = session_.remove();
    if (!removed.ok()) log_->error(removed.message());
  }

  std::string session_folder() const { return session_.path(); }
  std::string gcs_address() const { return server_ == nullptr ? "" : server_->address(); }

 private:
  absl::Status start_rpc() {
    RAY_ASSIGN_OR_RETURN(const std::string token, read_token(options_.token_file));
    RAY_ASSIGN_OR_RETURN(rpc::RpcModule * module, rpc::load_rpc_module(module_path()));
    const rpc::Post post = [this](std::function<void()> closure) {
      loop_.post(std::move(closure));
    };
    if (!gcs_) {
      client_ = module->connect(options_.gcs_address, token, post);
      return absl::OkStatus();
    }
    RAY_ASSIGN_OR_RETURN(server_, module->serve(*gcs_, options_.gcs_address, token, post));
    log_->info("the GCS listens on ", server_->address());
    tick_gcs();
    return absl::OkStatus();
  }

  absl::Status start_raylet() {
    RAY_RETURN_IF_ERROR(ipc::become_subreaper());
    raylet::Raylet::Options raylet;
    raylet.session_folder = session_.path();
    raylet.node = base::NodeId::random();
    raylet.address = session_.path();
    raylet.resources = options_.resources;
    raylet.labels = options_.labels;
    raylet.store.capacity = options_.object_store_bytes;
    if (!options_.gcs_address.empty()) raylet.report_ns = kReportNs;
    rpc::Gcs& gcs = client_ != nullptr ? *client_ : static_cast<rpc::Gcs&>(*gcs_);
    RAY_ASSIGN_OR_RETURN(raylet_, raylet::Raylet::create(loop_, *log_, gcs, raylet));
    if (options_.owner_fd < 0) return absl::OkStatus();
    return raylet_->serve_owner(ipc::UnixSocket(base::UniqueFd(options_.owner_fd)),
                                options_.owner_pid, [this] { stop("its driver is gone"); });
  }

  // Nodes of other processes may fall silent; our own raylet reports as they do.
  void tick_gcs() {
    gcs_->tick();
    loop_.run_after(kReportNs, [this] { tick_gcs(); });
  }

  void on_signal(int signal) {
    if (signal != SIGCHLD) return stop(base::concat("signal ", signal));
    int status = 0;
    for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (raylet_ != nullptr) raylet_->child_exited(pid, status);
    }
  }
  void stop(const std::string& why) {
    log_->info("ends: ", why);
    loop_.stop();
  }

  const DaemonOptions& options_;
  base::Session session_;
  const std::unique_ptr<FileLog> log_;
  ipc::EventLoop loop_;
  std::optional<SignalWatch> signals_;
  std::optional<gcs::GcsService> gcs_;
  std::unique_ptr<rpc::Gcs> client_;
  std::unique_ptr<rpc::GcsServer> server_;
  std::unique_ptr<raylet::Raylet> raylet_;
};

absl::Status run(const DaemonOptions& options) {
  RAY_ASSIGN_OR_RETURN(base::Session session, open_session(options));
  RAY_ASSIGN_OR_RETURN(std::unique_ptr<FileLog> log, open_log(options, session.path()));
  Daemon daemon(options, std::move(session), std::move(log));
  if (absl::Status started = daemon.start(); !started.ok()) {
    // A driver still reads the log of a daemon that did not start.
    if (options.session_folder.empty()) daemon.remove_session();
    return started;
  }
  if (options.owner_fd < 0) {
    std::printf("%s\n", daemon.session_folder().c_str());
    if (!daemon.gcs_address().empty()) std::printf("%s\n", daemon.gcs_address().c_str());
    std::fflush(stdout);
  }
  daemon.run();
  return absl::OkStatus();
}

}  // namespace
}  // namespace ray::rayd

int main(int argc, char** argv) {
  ::umask(077);
  ::signal(SIGPIPE, SIG_IGN);
  ::setsid();  // fails for a group's leader, whom no terminal's ctrl-C reaches through its parent
  const ray::rayd::ParsedOptions parsed = ray::rayd::parse_options(argc, argv);
  if (parsed.exit_status) return *parsed.exit_status;
  const absl::Status status = ray::rayd::run(parsed.options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "rayd: %s\n", std::string(status.message()).c_str());
  return 1;
}
