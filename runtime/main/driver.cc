#include "runtime/main/driver.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <ray/internal/registry.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "runtime/base/text.h"
#include "runtime/ipc/process.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/main/function_table.h"

namespace ray::main {
namespace {

using base::concat;

constexpr int kDeathMs = 1000;  // from a daemon's last words to its end

[[noreturn]] void fail(std::string message) {
  internal::throw_error(internal::ErrorKind::error, std::move(message));
}

// The daemon: where the environment says, else where it was built, else where it was installed.
std::string find_daemon(const std::string& wanted) {
  if (!wanted.empty()) {
    if (::access(wanted.c_str(), X_OK) == 0) return wanted;
    fail(concat("ray::init(): RAY_DAEMON names '", wanted, "', which is no program"));
  }
  std::istringstream paths(RAY_DAEMON_PATHS);
  for (std::string path; std::getline(paths, path, ':');) {
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  fail(concat("ray::init(): cannot find rayd, the daemon, in ", RAY_DAEMON_PATHS,
              "; set RAY_DAEMON to its path"));
}

std::vector<std::string> daemon_arguments(const std::string& session, const InitOptions& init) {
  std::vector<std::string> arguments = {
      "rayd", "--session-folder", session, "--owner-pid", std::to_string(::getpid()), "--owner-fd",
      "3"};
  const auto add = [&](const char* name, std::string value) {
    arguments.emplace_back(name);
    arguments.push_back(std::move(value));
  };
  if (init.num_cpus) add("--num-cpus", std::to_string(*init.num_cpus));
  if (init.num_gpus) add("--num-gpus", std::to_string(*init.num_gpus));
  for (const auto& [name, amount] : init.resources) {
    add("--resource", concat(name, "=", std::to_string(amount)));
  }
  if (init.object_store_memory) {
    add("--object-store-memory", std::to_string(*init.object_store_memory));
  }
  return arguments;
}

std::string working_folder() {
  char path[PATH_MAX];
  return ::getcwd(path, sizeof path) != nullptr ? path : "/";
}

std::vector<std::string> with_variables(std::vector<std::string> environment,
                                        const RuntimeEnv& runtime_env) {
  for (const auto& [name, value] : runtime_env.env) {
    std::erase_if(environment,
                  [&](const std::string& entry) { return entry.starts_with(name + "="); });
    environment.push_back(concat(name, "=", value));
  }
  return environment;
}

// Whether the daemon is dead or dying: its sockets close a moment before the process ends.
bool has_died(const base::UniqueFd& control, const base::UniqueFd& pidfd) {
  pollfd socket = {.fd = control.get(), .events = POLLRDHUP, .revents = 0};
  if (::poll(&socket, 1, 0) != 1) return false;
  pollfd process = {.fd = pidfd.get(), .events = POLLIN, .revents = 0};
  return ::poll(&process, 1, kDeathMs) == 1;
}

}  // namespace

std::unique_ptr<Driver> Driver::start(const Program& program, const InitOptions& init) {
  std::unique_ptr<Driver> driver(new Driver);
  if (init.address.empty()) {
    driver->start_daemon(program, init);
  } else {
    driver->join(init.address);
  }
  driver->connect(program, init);
  return driver;
}

Driver::~Driver() { stop(); }

void Driver::start_daemon(const Program& program, const InitOptions& init) {
  (void)base::sweep_sessions(program.session_parent);  // what killed drivers left; best effort
  absl::StatusOr<base::Session> session = base::Session::create(program.session_parent);
  if (!session.ok()) fail(concat("ray::init(): ", session.status().message()));
  session_ = *std::move(session);
  auto sockets = ipc::UnixSocket::pair();
  if (!sockets.ok()) fail(concat("ray::init(): ", sockets.status().message()));

  ipc::SpawnOptions daemon;
  daemon.path = find_daemon(program.daemon);
  daemon.arguments = daemon_arguments(session_->path(), init);
  daemon.environment = program.environment;
  daemon.fds = {
      {STDERR_FILENO, STDERR_FILENO}, {sockets->second.fd(), 3}, {session_->lock_fd(), 4}};
  absl::StatusOr<ipc::ChildProcess> child = ipc::spawn(daemon);
  if (!child.ok()) {
    (void)session_->remove();
    fail(concat("ray::init(): cannot start ", daemon.path, ": ", child.status().message()));
  }
  daemon_ = std::move(child->pidfd);
  control_ = base::UniqueFd(::fcntl(sockets->first.fd(), F_DUPFD_CLOEXEC, 0));
}

void Driver::join(const std::string& address) {
  const std::string path = concat(address, "/raylet.sock");
  absl::StatusOr<ipc::UnixSocket> socket = ipc::UnixSocket::connect(path);
  if (!socket.ok()) {
    fail(concat("ray::init(): no cluster answers at '", address, "': ", socket.status().message(),
                "; `rayctl status` lists the running ones"));
  }
  control_ = base::UniqueFd(::fcntl(socket->fd(), F_DUPFD_CLOEXEC, 0));
}

void Driver::connect(const Program& program, const InitOptions& init) {
  core_worker::NativeOptions options;
  options.control = base::UniqueFd(::fcntl(control_.get(), F_DUPFD_CLOEXEC, 0));
  options.executable = base::UniqueFd(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  options.hello = {.kind = ipc::ProcessKind::driver,
                   .pid = ::getpid(),
                   .registry_hash = registry_hash(),
                   .name = program.arguments.empty() ? "" : program.arguments[0],
                   .name_space = init.name_space,
                   .working_folder = init.runtime_env.working_dir.empty()
                                         ? working_folder()
                                         : init.runtime_env.working_dir,
                   .arguments = program.arguments,
                   .environment = with_variables(program.environment, init.runtime_env)};
  options.find_function = [](std::uint64_t key) { return internal::find_function(key); };
  options.log = &log_;
  options.notice = [this](const std::string& text) { log_.warning(text); };
  absl::StatusOr<std::unique_ptr<core_worker::NativeEngine>> engine =
      core_worker::NativeEngine::connect(std::move(options));
  if (!engine.ok()) {
    std::string message = concat("ray::init(): ", engine.status().message(), daemon_log_tail());
    if (session_) (void)session_->remove();
    fail(std::move(message));
  }
  engine_ = engine->release();
  tailer_ =
      std::make_unique<OutputTailer>(engine_->welcome().log_folder, STDOUT_FILENO, STDERR_FILENO);
}

void Driver::stop() {
  if (engine_ == nullptr) return;
  engine_->shutdown();
  tailer_->stop();
  // Until here the daemon kept the folder that the tailer reads from. One that was killed leaves
  // it.
  if (session_ && has_died(control_, daemon_)) (void)session_->remove();
  control_.reset();
  static auto* const ended = new std::vector<core_worker::NativeEngine*>;  // refs may point to them
  ended->push_back(std::exchange(engine_, nullptr));
}

std::string Driver::daemon_log_tail() const {
  if (!session_) return "";
  std::ifstream log(session_->path() + "/logs/rayd.log");
  std::string last;
  for (std::string line; std::getline(log, line);) last = std::move(line);
  return last.empty() ? "" : concat("; the daemon's last words: ", last);
}

}  // namespace ray::main
