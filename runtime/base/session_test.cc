#include "runtime/base/session.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace ray::base {
namespace {

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    std::string name = testing::TempDir() + "/session_test.XXXXXX";
    parent_ = mkdtemp(name.data());
  }
  ~SessionTest() override { std::filesystem::remove_all(parent_); }

  std::string parent_;
};

TEST_F(SessionTest, IsPrivateAndGoneWhenRemoved) {
  auto session = Session::create(parent_);
  ASSERT_TRUE(session.ok()) << session.status();
  struct stat found;
  ASSERT_EQ(stat(session->path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  std::ofstream(session->path() + "/worker.out") << "text";
  EXPECT_TRUE(session->remove().ok());
  EXPECT_FALSE(std::filesystem::exists(session->path()));
}

TEST_F(SessionTest, SweepSparesWhatIsHeldAndRemovesTheRest) {
  auto held = Session::create(parent_);
  auto dropped = Session::create(parent_);
  ASSERT_TRUE(held.ok() && dropped.ok());
  const std::string gone = dropped->path();
  {
    const Session unlocked = std::move(*dropped);
  }
  EXPECT_EQ(*sweep_sessions(parent_), std::vector<std::string>{gone});
  EXPECT_TRUE(std::filesystem::exists(held->path()));
  EXPECT_TRUE(sweep_sessions(parent_)->empty());
}

TEST_F(SessionTest, OfAKilledProcessIsSwept) {
  const pid_t child = fork();
  if (child == 0) {
    auto session = Session::create(parent_);
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(sweep_sessions(parent_)->size(), 1u);
}

TEST_F(SessionTest, FolderWhoseCreatorDiedBeforeLockingItIsSwept) {
  ASSERT_TRUE(Session::create(parent_)->remove().ok());
  const std::string half =
      parent_ + "/ray-cc-" + std::to_string(getuid()) + "/session-0000000000000001";
  std::filesystem::create_directory(half);
  EXPECT_EQ(*sweep_sessions(parent_), std::vector<std::string>{half});
}

TEST_F(SessionTest, RefusesAFolderThatOthersReach) {
  const std::string mine = parent_ + "/ray-cc-" + std::to_string(getuid());
  std::filesystem::create_directory(mine);
  ASSERT_EQ(chmod(mine.c_str(), 0755), 0);
  EXPECT_EQ(Session::create(parent_).status().code(), absl::StatusCode::kPermissionDenied);
  std::filesystem::remove(mine);
  std::filesystem::create_symlink(parent_, mine);
  EXPECT_EQ(Session::create(parent_).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(SessionTest, AnotherProcessMayAdoptAndRemoveIt) {
  std::optional<Session> first = Session::create(parent_).value();
  const std::string path = first->path();
  Session second = Session::adopt(path).value();
  first.reset();
  EXPECT_TRUE(second.remove().ok());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(Session::adopt(parent_).ok());
}

TEST_F(SessionTest, ManyProcessesCreateAndSweepAtOnce) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    bool good = true;
    for (int round = 0; round < 50; ++round) {
      auto session = Session::create(parent_);
      good = good && session.ok() && sweep_sessions(parent_).ok() &&
             std::filesystem::exists(session->path() + "/lock") && session->remove().ok();
    }
    _exit(good ? 0 : 1);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
}

}  // namespace
}  // namespace ray::base
