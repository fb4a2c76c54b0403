// spawn() alone: between fork and exec only calls are allowed that are safe in a signal handler, so
// everything that allocates is done before.
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runtime/base/status.h"
#include "runtime/base/text.h"
#include "runtime/ipc/process.h"

namespace ray::ipc {
namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// What the child needs, all allocated by the parent.
struct Plan {
  const SpawnOptions& options;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::vector<std::pair<int, int>> fds;  // first becomes the number of a copy out of the way
  int first_free_fd;                     // above every number that the child is to have
  pid_t parent;
  int error_fd;
};

// The sources are copied above all targets first, so that no target overwrites a source.
bool arrange_fds(Plan& plan, int& executable_fd) {
  const int above = plan.first_free_fd;
  plan.error_fd = fcntl(plan.error_fd, F_DUPFD_CLOEXEC, above);
  if (plan.error_fd < 0) return false;
  if (executable_fd >= 0) {
    executable_fd = fcntl(executable_fd, F_DUPFD_CLOEXEC, above);
    if (executable_fd < 0) return false;
  }
  for (auto& [ours, its] : plan.fds) {
    ours = fcntl(ours, F_DUPFD_CLOEXEC, above);
    if (ours < 0) return false;
  }
  if (syscall(SYS_close_range, 0u, ~0u, CLOSE_RANGE_CLOEXEC) != 0) return false;
  for (const auto& [ours, its] : plan.fds) {
    if (dup2(ours, its) < 0) return false;
  }
  return true;
}

bool open_missing_standard_fds(const Plan& plan) {
  for (const int fd : {0, 1, 2}) {
    const bool given = std::any_of(plan.fds.begin(), plan.fds.end(),
                                   [fd](const auto& pair) { return pair.second == fd; });
    if (given) continue;
    const int null = open("/dev/null", O_RDWR);
    if (null < 0) return false;
    if (null == fd) continue;
    if (dup2(null, fd) < 0) return false;
    close(null);
  }
  return true;
}

void reset_signals() {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Returns only where it fails, with errno.
void become_program(Plan& plan) {
  const SpawnOptions& options = plan.options;
  int executable_fd = options.executable_fd;
  if (!arrange_fds(plan, executable_fd) || !open_missing_standard_fds(plan)) return;
  if (options.new_session && setsid() < 0) return;
  if (options.new_group && !options.new_session && setpgid(0, 0) != 0) return;
  if (options.death_signal != 0 && !die_with_parent(options.death_signal, plan.parent)) _exit(1);
  if (!options.working_folder.empty() && chdir(options.working_folder.c_str()) != 0) return;
  reset_signals();
  if (executable_fd >= 0) {
    fexecve(executable_fd, plan.arguments.data(), plan.environment.data());
  } else {
    execve(options.path.c_str(), plan.arguments.data(), plan.environment.data());
  }
}

[[noreturn]] void run_child(Plan& plan) {
  become_program(plan);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(plan.error_fd, &error, sizeof(error));
  _exit(127);
}

// 0 once the pipe closes by exec, else the child's errno.
int read_error(int fd) {
  int error = 0;
  ssize_t got;
  do {
    got = read(fd, &error, sizeof(error));
  } while (got < 0 && errno == EINTR);
  return got == sizeof(error) ? error : 0;
}

}  // namespace

absl::StatusOr<ChildProcess> spawn(const SpawnOptions& options) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return base::errno_status("pipe");
  const base::UniqueFd read_end(ends[0]);
  base::UniqueFd write_end(ends[1]);
  int first_free_fd = 3;
  for (const auto& [ours, its] : options.fds) first_free_fd = std::max(first_free_fd, its + 1);
  Plan plan{.options = options,
            .arguments = pointers_to(options.arguments),
            .environment = pointers_to(options.environment),
            .fds = options.fds,
            .first_free_fd = first_free_fd,
            .parent = getpid(),
            .error_fd = write_end.get()};

  // No handler of ours may run in the child before exec.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork();
  if (pid == 0) run_child(plan);
  const int fork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return base::errno_status("fork", fork_error);

  write_end.reset();
  absl::StatusOr<base::UniqueFd> pidfd = open_pidfd(pid);
  const int error = read_error(read_end.get());
  if (error != 0 || !pidfd.ok()) {
    if (error == 0) kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    if (!pidfd.ok()) return pidfd.status();
    return base::errno_status(base::concat("start ", options.path), error);
  }
  return ChildProcess{.pid = pid, .pidfd = *std::move(pidfd)};
}

}  // namespace ray::ipc
