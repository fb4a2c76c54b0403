// The program that raylet_test has run: a zygote and its workers that speak the protocol and do
// nothing else, or a driver that waits to be killed. argv[1] says what it does wrong.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/process.h"
#include "runtime/ipc/typed_message.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/ipc/zygote_messages.h"
#include "runtime/raylet/test_driver.h"

namespace ray::raylet {
namespace {

constexpr std::int64_t kTimeoutNs = 60'000'000'000;

// A grandchild that has left its process group and session: only a subreaper finds it.
void leave_orphan() {
  const pid_t child = ::fork();
  if (child != 0) {
    ::waitpid(child, nullptr, 0);
    return;
  }
  ::setsid();
  if (::fork() == 0) {
    for (;;) ::pause();
  }
  ::_exit(0);
}

[[noreturn]] void run_worker(const std::string& mode, ipc::UnixSocket control,
                             std::uint64_t token) {
  ::setpgid(0, 0);
  ipc::Hello hello;
  hello.kind = ipc::ProcessKind::worker;
  hello.pid = ::getpid();
  hello.startup_token = token;
  hello.registry_hash = kTestRegistryHash;
  if (!control.send(ipc::encode_typed(hello), {}, kTimeoutNs).ok()) ::_exit(9);
  for (;;) {
    absl::StatusOr<ipc::Message> message = control.receive(kTimeoutNs);
    if (!message.ok()) ::_exit(8);
    const auto type = static_cast<ipc::MessageType>(ipc::type_of(message->bytes));
    if (type == ipc::MessageType::exit_worker && mode != "stubborn") ::_exit(0);
    if (type == ipc::MessageType::worker_leased && mode == "orphans") leave_orphan();
  }
}

void reap(ipc::UnixSocket& raylet) {
  int status = 0;
  for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    (void)raylet.send(ipc::encode_typed(ipc::WorkerExited{.pid = pid, .wait_status = status}), {},
                      kTimeoutNs);
  }
}

int run_zygote(const std::string& mode, int fd) {
  if (mode == "dies") return 3;
  if (mode == "silent") ::pause();
  ipc::UnixSocket raylet{base::UniqueFd(fd)};
  ipc::ZygoteReady ready{.registry_hash = kTestRegistryHash, .refusal = ""};
  if (mode == "refuses") ready.refusal = "it runs 2 threads before main";
  if (!raylet.send(ipc::encode_typed(ready), {}, kTimeoutNs).ok()) return 9;
  while (ready.refusal.empty()) {
    reap(raylet);
    absl::StatusOr<ipc::Message> message = raylet.receive(10'000'000);
    if (absl::IsDeadlineExceeded(message.status())) continue;
    if (!message.ok()) return 0;
    const auto request = ipc::decode_typed<ipc::ForkWorker>(message->bytes).value();
    const pid_t zygote = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
      if (!ipc::die_with_parent(SIGKILL, zygote)) ::_exit(1);
      run_worker(mode, ipc::UnixSocket(std::move(message->fds[0])), request.startup_token);
    }
    const base::UniqueFd pidfd = ipc::open_pidfd(pid).value();
    const int attached[] = {pidfd.get()};
    const ipc::WorkerForked forked{.startup_token = request.startup_token, .pid = pid, .error = ""};
    (void)raylet.send(ipc::encode_typed(forked), attached, kTimeoutNs);
  }
  return 0;
}

int run_executed_worker(const std::string& mode, int fd) {
  ipc::UnixSocket raylet{base::UniqueFd(fd)};
  absl::StatusOr<ipc::Message> message = raylet.receive(kTimeoutNs);
  if (!message.ok() || message->fds.size() != 1) return 9;
  const auto request = ipc::decode_typed<ipc::ForkWorker>(message->bytes).value();
  run_worker(mode, ipc::UnixSocket(std::move(message->fds[0])), request.startup_token);
}

// argv: "driver", folder for sessions, mode of its workers. Prints the session folder and the pids
// of its daemon and of a leased worker.
int run_driver(const std::string& parent, const std::string& mode) {
  TestDriver driver(parent);
  driver.start(mode, {"--num-cpus", "2"});
  driver.demand(1, 1, "CPU:1");
  const auto grant = driver.await<ipc::LeaseGranted>();
  std::printf("%s %d %d\n", driver.session_folder().c_str(), driver.daemon_pid(), grant.worker_pid);
  std::fflush(stdout);
  for (;;) ::pause();
}

}  // namespace
}  // namespace ray::raylet

int main(int argc, char** argv, char** environment) {
  const std::string mode = argc > 1 ? argv[1] : "";
  int fd = 0;
  for (; *environment != nullptr; ++environment) {
    if (std::sscanf(*environment, "RAY_ZYGOTE=%d", &fd) == 1) {
      return ray::raylet::run_zygote(mode, fd);
    }
    if (std::sscanf(*environment, "RAY_WORKER=%d", &fd) == 1) {
      return ray::raylet::run_executed_worker(mode, fd);
    }
  }
  if (mode == "driver" && argc == 4) return ray::raylet::run_driver(argv[2], argv[3]);
  return 2;
}
