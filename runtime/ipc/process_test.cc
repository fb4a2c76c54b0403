#include "runtime/ipc/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

namespace ray::ipc {
namespace {

constexpr int kLongMs = 30'000;
constexpr std::int64_t kLongNs = 30'000'000'000;

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    out.reset(ends[0]);
    in.reset(ends[1]);
  }
  // All there is until the last writer has closed.
  std::string read_all() {
    in.reset();
    std::string text;
    std::array<char, 4096> part;
    ssize_t got;
    while ((got = read(out.get(), part.data(), part.size())) > 0) text.append(part.data(), got);
    return text;
  }
  base::UniqueFd out;
  base::UniqueFd in;
};

bool has_ended(int pidfd, int timeout_ms) {
  pollfd ended{.fd = pidfd, .events = POLLIN, .revents = 0};
  return poll(&ended, 1, timeout_ms) == 1;
}

int wait_status(pid_t pid) {
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  return status;
}

// Runs a shell command and gives what it writes to descriptor 1.
std::string output_of(SpawnOptions options, const std::string& command) {
  Pipe pipe;
  options.path = "/bin/sh";
  options.arguments = {"sh", "-c", command};
  options.fds.emplace_back(pipe.in.get(), 1);
  const auto child = spawn(options);
  EXPECT_TRUE(child.ok()) << child.status();
  const std::string text = pipe.read_all();
  EXPECT_EQ(wait_status(child->pid), 0);
  return text;
}

TEST(Spawn, PassesArgumentsAndOnlyTheGivenEnvironment) {
  EXPECT_EQ(output_of({.environment = {"A=1", "PATH=/usr/bin:/bin"}},
                      "echo $A; env | grep -c HOME || true"),
            "1\n0\n"
            "");
}

TEST(Spawn, GivesExactlyTheNamedDescriptors) {
  // One that an inattentive program left open without close-on-exec.
  const base::UniqueFd leaked(open("/dev/null", O_RDONLY));
  EXPECT_EQ(output_of({}, "cd /proc/self/fd; echo *"), "0 1 2 3\n") << "3 is echo's own";
}

TEST(Spawn, StartsInTheGivenFolder) {
  EXPECT_EQ(output_of({.working_folder = "/proc"}, "pwd"), "/proc\n");
  const auto child =
      spawn({.path = "/bin/sh", .arguments = {"sh"}, .working_folder = "/no/such/folder"});
  EXPECT_TRUE(absl::IsNotFound(child.status())) << child.status();
}

TEST(Spawn, MayExchangeNumbers) {
  Pipe first;
  Pipe second;
  const int one = first.in.get();
  const int two = second.in.get();
  const auto child = spawn({.path = "/bin/sh",
                            .arguments = {"sh", "-c", "echo one >/dev/fd/$0; echo two >/dev/fd/$1",
                                          std::to_string(two), std::to_string(one)},
                            .fds = {{one, two}, {two, one}}});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(first.read_all(), "one\n");
  EXPECT_EQ(second.read_all(), "two\n");
  EXPECT_EQ(wait_status(child->pid), 0);
}

TEST(Spawn, RunsAnOpenExecutable) {
  const base::UniqueFd shell(open("/bin/sh", O_PATH | O_CLOEXEC));
  const auto child =
      spawn({.executable_fd = shell.get(), .arguments = {"any name", "-c", "exit 7"}});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(WEXITSTATUS(wait_status(child->pid)), 7);
}

TEST(Spawn, SaysWhyNothingWasStarted) {
  const auto child = spawn({.path = "/no/such/program", .arguments = {"x"}});
  EXPECT_TRUE(absl::IsNotFound(child.status())) << child.status();
  EXPECT_TRUE(own_children()->empty());
}

TEST(Spawn, OwnSessionAndGroupAreAsAsked) {
  const std::string own = "set -- $(cat /proc/$$/stat); echo $1 $5 $6";
  const auto ids = [&](const SpawnOptions& options) {
    std::array<int, 3> found{};
    const std::string text = output_of(options, own);
    EXPECT_EQ(sscanf(text.c_str(), "%d %d %d", &found[0], &found[1], &found[2]), 3) << text;
    return found;
  };
  const std::vector<std::string> path = {"PATH=/usr/bin:/bin"};
  const auto [plain, plain_group, plain_session] = ids({.environment = path});
  EXPECT_EQ(plain_group, getpgrp());
  EXPECT_EQ(plain_session, getsid(0));
  const auto [grouped, group, group_session] = ids({.environment = path, .new_group = true});
  EXPECT_EQ(group, grouped);
  EXPECT_EQ(group_session, getsid(0));
  const auto [leader, leader_group, session] = ids({.environment = path, .new_session = true});
  EXPECT_EQ(session, leader);
}

TEST(Pidfd, BecomesReadableAtTheEndOfTheProcess) {
  const auto child = spawn({.path = "/bin/sleep", .arguments = {"sleep", "1000"}});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_FALSE(has_ended(child->pidfd.get(), 0));
  EXPECT_TRUE(send_signal(child->pidfd.get(), SIGTERM).ok());
  EXPECT_TRUE(has_ended(child->pidfd.get(), kLongMs));
  EXPECT_EQ(WTERMSIG(wait_status(child->pid)), SIGTERM);
  EXPECT_TRUE(absl::IsNotFound(send_signal(child->pidfd.get(), SIGTERM)));
}

TEST(DieWithParent, GrandchildEndsWithItsParent) {
  Pipe pipe;
  const pid_t parent = fork();
  if (parent == 0) {
    const pid_t self = getpid();
    const pid_t child = fork();
    if (child == 0) {
      if (!die_with_parent(SIGKILL, self)) _exit(1);
      const pid_t own = getpid();
      [[maybe_unused]] const ssize_t written = write(pipe.in.get(), &own, sizeof(own));
      for (;;) pause();
    }
    for (;;) pause();
  }
  pipe.in.reset();
  pid_t grandchild = 0;
  ASSERT_EQ(read(pipe.out.get(), &grandchild, sizeof(grandchild)), ssize_t{sizeof(grandchild)});
  const auto pidfd = open_pidfd(grandchild);
  ASSERT_TRUE(pidfd.ok());
  kill(parent, SIGKILL);
  wait_status(parent);
  EXPECT_TRUE(has_ended(pidfd->get(), kLongMs));
}

TEST(DieWithParent, SaysWhenTheParentIsGoneAlready) {
  const pid_t child = fork();
  if (child == 0) _exit(die_with_parent(SIGKILL, getppid() + 1) ? 1 : 0);
  EXPECT_EQ(wait_status(child), 0);
}

// In a process of its own, since a subreaper stays one.
TEST(KillChildren, EndsTheWholeTreeBelowASubreaper) {
  Pipe pipe;
  const pid_t reaper = fork();
  if (reaper == 0) {
    if (!become_subreaper().ok()) _exit(1);
    for (int i = 0; i < 3; ++i) {
      if (fork() != 0) continue;
      if (fork() == 0) setsid();  // one that leaves session and group
      if (fork() == 0 && fork() == 0) setpgid(0, 0);
      [[maybe_unused]] const ssize_t written = write(pipe.in.get(), "x", 1);
      for (;;) pause();
    }
    _exit(kill_children(kLongNs).ok() && own_children()->empty() ? 0 : 2);
  }
  EXPECT_EQ(wait_status(reaper), 0);
  // Ends only once nobody of that tree holds the pipe any more.
  pipe.read_all();
}

TEST(KillGroup, EndsItsMembersAndAcceptsThatTheyAreGone) {
  const auto child =
      spawn({.path = "/bin/sh", .arguments = {"sh", "-c", "sleep 1000"}, .new_group = true});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_TRUE(kill_group(child->pid).ok());
  EXPECT_TRUE(has_ended(child->pidfd.get(), kLongMs));
  wait_status(child->pid);
  EXPECT_TRUE(kill_group(child->pid).ok());
}

TEST(Self, CountsItsThreads) {
  // A sanitizer starts a thread of its own beside the first one.
  std::thread([] {}).join();
  const int before = thread_count().value();
  Pipe pipe;
  std::thread other([&] {
    char byte;
    EXPECT_EQ(read(pipe.out.get(), &byte, 1), 0);
  });
  EXPECT_EQ(*thread_count(), before + 1);
  pipe.in.reset();
  other.join();
}

TEST(Self, ListsItsDescriptors) {
  const base::UniqueFd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto found = open_descriptors();
  ASSERT_TRUE(found.ok());
  const auto entry = std::ranges::find(*found, null.get(), &OpenDescriptor::fd);
  ASSERT_NE(entry, found->end());
  EXPECT_EQ(entry->target, "/dev/null");
  for (const OpenDescriptor& descriptor : *found) {
    EXPECT_GE(fcntl(descriptor.fd, F_GETFD), 0) << descriptor.fd << " " << descriptor.target;
  }
}

}  // namespace
}  // namespace ray::ipc
