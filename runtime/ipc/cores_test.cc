#include "runtime/ipc/cores.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace ray::ipc {
namespace {

class CoresTest : public testing::Test {
 protected:
  CoresTest() {
    std::string name = testing::TempDir() + "/cores_test.XXXXXX";
    root_ = mkdtemp(name.data());
  }
  ~CoresTest() override { std::filesystem::remove_all(root_); }

  void write(const std::string& file, const std::string& text) {
    const std::filesystem::path path = root_ + "/" + file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::string root_;
};

TEST_F(CoresTest, NoQuotaWithoutFilesOrWithoutALimit) {
  EXPECT_EQ(cgroup_quota_cores(root_, "0::/a\n"), 0);
  EXPECT_EQ(cgroup_quota_cores(root_, "nonsense"), 0);
  write("a/cpu.max", "max 100000\n");
  EXPECT_EQ(cgroup_quota_cores(root_, "0::/a\n"), 0);
}

TEST_F(CoresTest, TightestOfTheGroupAndThoseAbove) {
  write("a/cpu.max", "150000 100000\n");
  write("a/b/cpu.max", "400000 100000\n");
  EXPECT_EQ(cgroup_quota_cores(root_, "0::/a/b\n"), 1.5);
  EXPECT_EQ(cgroup_quota_cores(root_, "0::/\n"), 0);
}

TEST_F(CoresTest, Version1) {
  write("cpu,cpuacct/job/cpu.cfs_quota_us", "200000\n");
  write("cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cgroup_quota_cores(root_, "5:memory:/x\n3:cpu,cpuacct:/job\n"), 2);
  write("cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(cgroup_quota_cores(root_, "3:cpu,cpuacct:/job\n"), 0);
}

TEST_F(CoresTest, NeverMoreThanTheAffinityMaskAllows) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  EXPECT_GE(usable_cores(), 1);
  EXPECT_LE(usable_cores(), CPU_COUNT(&before));
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(usable_cores(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
}

}  // namespace
}  // namespace ray::ipc
