#include "runtime/object_store/store_size.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace ray::object_store {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kBytesMin = 64 * kMiB;

// None for "max", for a file that is not there, and for v1's number that means no limit.
std::optional<std::uint64_t> read_number(const std::filesystem::path& path) {
  constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 60;
  std::ifstream file(path);
  std::uint64_t value = 0;
  if (!(file >> value) || value >= kUnlimited) return std::nullopt;
  return value;
}

// What one group and those above it leave. Inside a container only its own end of the path is
// mounted, so a folder that does not exist stands for its parent.
std::optional<std::uint64_t> group_leaves(const std::filesystem::path& mount, std::string path,
                                          const char* limit_file, const char* usage_file) {
  std::optional<std::uint64_t> least;
  while (true) {
    const std::filesystem::path folder = mount / std::filesystem::path(path).relative_path();
    const std::optional<std::uint64_t> limit = read_number(folder / limit_file);
    if (limit) {
      const std::uint64_t used = read_number(folder / usage_file).value_or(0);
      const std::uint64_t left = *limit > used ? *limit - used : 0;
      least = std::min(left, least.value_or(left));
    }
    if (path.empty() || path == "/") return least;
    path = std::filesystem::path(path).parent_path();
  }
}

// Lines of /proc/self/cgroup (cgroups(7)): "4:memory:/path" of v1, "0::/path" of v2.
std::optional<std::uint64_t> own_group_leaves() {
  std::optional<std::uint64_t> least;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    std::optional<std::uint64_t> left;
    if (controllers == ",,") {
      left = group_leaves("/sys/fs/cgroup", path, "memory.max", "memory.current");
    } else if (controllers.find(",memory,") != std::string::npos) {
      left = group_leaves("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes",
                          "memory.usage_in_bytes");
    }
    if (left) least = std::min(*left, least.value_or(*left));
  }
  return least;
}

std::uint64_t available_bytes() {
  std::ifstream info("/proc/meminfo");
  std::string name;
  std::uint64_t kib = 0;
  for (std::string unit; info >> name >> kib && std::getline(info, unit);) {
    if (name == "MemAvailable:") return kib * 1024;
  }
  return 0;
}

}  // namespace

std::uint64_t store_bytes(std::uint64_t available, std::optional<std::uint64_t> group_leaves) {
  std::uint64_t bytes = available / 10 * 3;
  if (group_leaves) bytes = std::min(bytes, *group_leaves / 2);
  return std::max(bytes / kMiB * kMiB, kBytesMin);
}

std::uint64_t default_store_bytes() { return store_bytes(available_bytes(), own_group_leaves()); }

}  // namespace ray::object_store
