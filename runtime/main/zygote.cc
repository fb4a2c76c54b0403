#include "runtime/main/zygote.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/status/statusor.h"
#include "runtime/base/status.h"
#include "runtime/ipc/process.h"
#include "runtime/ipc/typed_message.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/ipc/zygote_messages.h"

namespace ray::main {
namespace {

constexpr std::int64_t kSendTimeoutNs = 10'000'000'000;

// What may be open before main: files, pipes and terminals can be shared by a forked child.
bool forks_safely(std::string_view target) {
  if (target.starts_with("socket:")) return false;
  if (target.starts_with("anon_inode:[event") || target.starts_with("anon_inode:[io_uring")) {
    return false;
  }
  if (target.starts_with("/dev/")) {
    return target == "/dev/null" || target == "/dev/zero" || target.ends_with("random") ||
           target.starts_with("/dev/pts/") || target.starts_with("/dev/tty");
  }
  return true;
}

class Zygote {
 public:
  Zygote(ipc::UnixSocket socket, sigset_t* signals)
      : socket_(std::move(socket)),
        children_(::signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK)) {}

  bool announce(std::uint64_t registry_hash) {
    const std::string refusal = fork_refusal_of_start_;
    return send(ipc::ZygoteReady{.registry_hash = registry_hash, .refusal = refusal}) &&
           refusal.empty();
  }

  std::optional<WorkerStart> serve() {
    for (;;) {
      pollfd polled[2] = {{socket_.fd(), POLLIN, 0}, {children_.get(), POLLIN, 0}};
      if (::poll(polled, 2, -1) < 0 && errno != EINTR) return std::nullopt;
      if (polled[1].revents != 0) reap();
      if (polled[0].revents == 0) continue;
      absl::StatusOr<ipc::Message> message = socket_.try_receive();
      if (absl::IsDeadlineExceeded(message.status())) continue;
      if (!message.ok() || message->fds.size() != 1) return std::nullopt;
      absl::StatusOr<ipc::ForkWorker> request = ipc::decode_typed<ipc::ForkWorker>(message->bytes);
      if (!request.ok()) return std::nullopt;
      if (fork_one(request->startup_token)) {
        return WorkerStart{.control = std::move(message->fds[0]),
                           .startup_token = request->startup_token,
                           .parent_pid = pid_,
                           .log_folder = std::move(request->log_folder)};
      }
    }
  }

 private:
  // True in the child.
  bool fork_one(std::uint64_t startup_token) {
    std::fflush(nullptr);  // or every child would print what is in the buffers
    const pid_t pid = ::fork();
    if (pid == 0) return true;
    ipc::WorkerForked answer{.startup_token = startup_token, .pid = pid, .error = ""};
    if (pid < 0) {
      answer.error = std::string("cannot fork a worker: ") + std::strerror(errno);
      send(answer);
      return false;
    }
    // Opened before reap() can run, so the number still names this child.
    absl::StatusOr<base::UniqueFd> pidfd = ipc::open_pidfd(pid);
    if (pidfd.ok()) {
      send(answer, std::array{pidfd->get()});
    } else {
      ::kill(pid, SIGKILL);
      answer.error = std::string(pidfd.status().message());
      send(answer);
    }
    return false;
  }

  void reap() {
    signalfd_siginfo info;
    while (::read(children_.get(), &info, sizeof info) > 0) {
    }
    int status = 0;
    for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      send(ipc::WorkerExited{.pid = pid, .wait_status = status});
    }
  }

  template <class M>
  bool send(const M& message, std::span<const int> fds = {}) {
    return socket_.send(ipc::encode_typed(message), fds, kSendTimeoutNs).ok();
  }

  ipc::UnixSocket socket_;
  // Asked before this class opens descriptors of its own.
  const std::string fork_refusal_of_start_ = fork_refusal(socket_.fd());
  base::UniqueFd children_;
  const pid_t pid_ = ::getpid();
};

}  // namespace

std::string fork_refusal(int ignored_fd) {
  absl::StatusOr<int> threads = ipc::thread_count();
  if (!threads.ok()) return std::string(threads.status().message());
  if (*threads > 1) {
    return "it runs " + std::to_string(*threads) + " threads before main";
  }
  absl::StatusOr<std::vector<ipc::OpenDescriptor>> open = ipc::open_descriptors();
  if (!open.ok()) return std::string(open.status().message());
  for (const ipc::OpenDescriptor& descriptor : *open) {
    if (descriptor.fd <= STDERR_FILENO || descriptor.fd == ignored_fd) continue;
    if (!forks_safely(descriptor.target)) return "it opens " + descriptor.target + " before main";
  }
  return "";
}

std::optional<WorkerStart> serve_zygote(base::UniqueFd socket, std::uint64_t registry_hash) {
  sigset_t signals;
  sigset_t before;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  std::optional<WorkerStart> start;
  {
    Zygote zygote(ipc::UnixSocket(std::move(socket)), &signals);
    if (zygote.announce(registry_hash)) start = zygote.serve();
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return start;
}

std::optional<WorkerStart> receive_worker_start(base::UniqueFd socket) {
  ipc::UnixSocket connection(std::move(socket));
  absl::StatusOr<ipc::Message> message = connection.receive(kSendTimeoutNs);
  if (!message.ok() || message->fds.size() != 1) return std::nullopt;
  absl::StatusOr<ipc::ForkWorker> request = ipc::decode_typed<ipc::ForkWorker>(message->bytes);
  if (!request.ok()) return std::nullopt;
  return WorkerStart{.control = std::move(message->fds[0]),
                     .startup_token = request->startup_token,
                     .parent_pid = request->raylet_pid,
                     .log_folder = std::move(request->log_folder)};
}

}  // namespace ray::main
