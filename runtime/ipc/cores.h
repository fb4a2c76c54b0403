// Cores counts the processors that this process may really use.
#pragma once

#include <string>

namespace ray::ipc {

// min(affinity mask, cgroup quota rounded down), at least 1. Reads files: call it once, at the
// start. cgroup v2 (cpu.max) and v1 (cpu.cfs_quota_us), own group and those above it.
int usable_cores();

// For tests: the quota in cores found below `cgroup_root` for a process whose /proc/self/cgroup
// says `membership`; 0 where there is none.
double cgroup_quota_cores(const std::string& cgroup_root, const std::string& membership);

}  // namespace ray::ipc
