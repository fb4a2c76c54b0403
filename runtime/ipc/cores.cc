#include "runtime/ipc/cores.h"

#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace ray::ipc {
namespace {

// The smallest positive one of two quotas, where 0 means none.
double tighter(double a, double b) {
  if (a <= 0) return b;
  if (b <= 0) return a;
  return std::min(a, b);
}

// "200000 100000", or "max 100000"
double quota_v2(const std::filesystem::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0;
  double period = 0;
  return file >> quota >> period && quota > 0 && period > 0 ? quota / period : 0;
}

double quota_v1(const std::filesystem::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us");
  std::ifstream period_file(group / "cpu.cfs_period_us");
  double quota = 0;  // -1: none
  double period = 0;
  return quota_file >> quota && period_file >> period && quota > 0 && period > 0 ? quota / period
                                                                                 : 0;
}

// Of `group` and every group above it, up to and with `root`.
template <class Quota>
double tightest_above(const std::filesystem::path& root, const std::string& group, Quota quota) {
  double found = quota(root);
  std::filesystem::path path = root;
  for (const auto& part : std::filesystem::path(group).relative_path()) {
    path /= part;
    found = tighter(found, quota(path));
  }
  return found;
}

int affinity_cores() {
  // A mask of fixed size fails with EINVAL on machines of more than 1024 processors.
  for (int bits = 1024; bits <= 1 << 20; bits *= 2) {
    cpu_set_t* set = CPU_ALLOC(bits);
    const std::size_t bytes = CPU_ALLOC_SIZE(bits);
    const bool known = sched_getaffinity(0, bytes, set) == 0;
    const int count = known ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (known) return count;
  }
  return 1;
}

}  // namespace

double cgroup_quota_cores(const std::string& cgroup_root, const std::string& membership) {
  double found = 0;
  std::istringstream lines(membership);
  // "0::/a/b" for v2; "4:cpu,cpuacct:/a/b" for v1 (cgroups(7)).
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      found = tighter(found, tightest_above(cgroup_root, group, quota_v2));
      found = tighter(found, tightest_above(cgroup_root + "/unified", group, quota_v2));
    } else if (("," + controllers + ",").find(",cpu,") != std::string::npos) {
      found = tighter(found, tightest_above(cgroup_root + "/" + controllers, group, quota_v1));
      if (controllers != "cpu") {
        found = tighter(found, tightest_above(cgroup_root + "/cpu", group, quota_v1));
      }
    }
  }
  return found;
}

int usable_cores() {
  std::ifstream file("/proc/self/cgroup");
  const std::string membership((std::istreambuf_iterator<char>(file)), {});
  const double quota = cgroup_quota_cores("/sys/fs/cgroup", membership);
  const int cores = affinity_cores();
  return std::max(1, quota > 0 ? std::min(cores, static_cast<int>(quota)) : cores);
}

}  // namespace ray::ipc
