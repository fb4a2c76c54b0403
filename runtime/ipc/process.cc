#include "runtime/ipc/process.h"

#include <dirent.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"

namespace ray::ipc {

absl::StatusOr<base::UniqueFd> open_pidfd(pid_t pid) {
  base::UniqueFd fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!fd) return base::errno_status(base::concat("open a pidfd of process ", pid));
  return fd;
}

absl::Status send_signal(int pidfd, int signal) {
  if (syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0) return absl::OkStatus();
  if (errno == ESRCH) return absl::NotFoundError("the process has ended");
  return base::errno_status("signal a process");
}

bool die_with_parent(int signal, pid_t parent) {
  return prctl(PR_SET_PDEATHSIG, signal) == 0 && getppid() == parent;
}

absl::Status become_subreaper() {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return base::errno_status("become a subreaper");
  return absl::OkStatus();
}

absl::StatusOr<std::vector<pid_t>> own_children() {
  std::vector<pid_t> children;
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", error)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child; file >> child;) children.push_back(child);
  }
  if (error) return base::errno_status("list threads", error.value());
  return children;
}

absl::Status kill_children(std::int64_t timeout_ns) {
  const std::int64_t deadline_ns = base::monotonic_ns() + timeout_ns;
  for (;;) {
    // Whatever the dead leave behind becomes our child, and is found in the next round.
    while (waitpid(-1, nullptr, WNOHANG | __WALL) > 0) {
    }
    RAY_ASSIGN_OR_RETURN(const std::vector<pid_t> children, own_children());
    if (children.empty()) return absl::OkStatus();
    for (const pid_t child : children) kill(child, SIGKILL);

    const std::int64_t left = deadline_ns - base::monotonic_ns();
    if (left <= 0) {
      return absl::DeadlineExceededError(
          base::concat(children.size(), " processes do not end, the first is ", children.front()));
    }
    RAY_ASSIGN_OR_RETURN(const base::UniqueFd first, open_pidfd(children.front()));
    const timespec timeout{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    pollfd ended{.fd = first.get(), .events = POLLIN, .revents = 0};
    ppoll(&ended, 1, &timeout, nullptr);
  }
}

absl::Status kill_group(pid_t group) {
  CHECK(group > 1);  // -1 would be every process there is
  if (kill(-group, SIGKILL) == 0 || errno == ESRCH) return absl::OkStatus();
  return base::errno_status(base::concat("kill process group ", group));
}

absl::StatusOr<int> thread_count() {
  std::error_code error;
  const std::filesystem::directory_iterator tasks("/proc/self/task", error);
  if (error) return base::errno_status("list threads", error.value());
  return static_cast<int>(std::distance(begin(tasks), end(tasks)));
}

absl::StatusOr<std::vector<OpenDescriptor>> open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), closedir);
  if (folder == nullptr) return base::errno_status("list descriptors");
  std::vector<OpenDescriptor> found;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    int fd = -1;
    if (std::from_chars(name.data(), name.data() + name.size(), fd).ec != std::errc()) continue;
    if (fd == dirfd(folder.get())) continue;
    std::array<char, 4096> target;
    const ssize_t length =
        readlinkat(dirfd(folder.get()), entry->d_name, target.data(), target.size());
    // Closed meanwhile by another thread.
    if (length < 0) continue;
    found.push_back({fd, std::string(target.data(), static_cast<std::size_t>(length))});
  }
  return found;
}

}  // namespace ray::ipc
