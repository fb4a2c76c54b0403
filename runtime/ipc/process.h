// Process: starting, watching and ending processes, and looking at one's own.
//
// A pidfd names a process without the danger that its number is used again, and is readable once it
// has ended. Threading: any thread, except where a function says otherwise.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/unique_fd.h"

namespace ray::ipc {

absl::StatusOr<base::UniqueFd> open_pidfd(pid_t pid);
// NotFound where it has ended.
absl::Status send_signal(int pidfd, int signal);

struct SpawnOptions {
  std::string path = {};                      // what to run, or:
  int executable_fd = -1;                     // an open executable, which may be replaced on disk
  std::vector<std::string> arguments = {};    // with argv[0]
  std::vector<std::string> environment = {};  // "NAME=value"; all of it
  std::vector<std::pair<int, int>> fds = {};  // {ours, its}: what it gets; all others are closed
  std::string working_folder = {};            // empty: its parent's
  bool new_session = false;                   // setsid: out of reach of the terminal's ctrl-C
  bool new_group = false;                     // setpgid; a session has one anyway
  int death_signal = 0;                       // sent when the *thread* that spawned it ends
};

struct ChildProcess {
  pid_t pid = -1;
  base::UniqueFd pidfd;
};

// Returns once the new program runs, or with the reason why it does not. Descriptors that `fds`
// does not name are closed, 0, 1 and 2 too: those are /dev/null then.
absl::StatusOr<ChildProcess> spawn(const SpawnOptions& options);

// In a child, first thing: be sent `signal` when the parent's thread that forked it ends. False
// where `parent` is dead already, so that the signal will never come.
[[nodiscard]] bool die_with_parent(int signal, pid_t parent);

// Orphans below this process become its children, so that it can find and end them.
absl::Status become_subreaper();
// Children of all threads of this process, zombies included.
absl::StatusOr<std::vector<pid_t>> own_children();
// Kills and reaps children, and those that fall to this process when they die, until none is left.
// For a subreaper at its end. DeadlineExceeded where some are left.
absl::Status kill_children(std::int64_t timeout_ns);
// SIGKILL to a process group; that it is gone already is no error.
absl::Status kill_group(pid_t group);

// What a process must not have when it is to fork others from itself.
absl::StatusOr<int> thread_count();
struct OpenDescriptor {
  int fd = -1;
  std::string target;  // as in /proc/self/fd: "socket:[123]", "anon_inode:[eventpoll]", "/dev/x"
};
absl::StatusOr<std::vector<OpenDescriptor>> open_descriptors();

}  // namespace ray::ipc
