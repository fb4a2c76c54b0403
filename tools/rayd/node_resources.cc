#include "node_resources.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "runtime/base/resources.h"
#include "runtime/ipc/cores.h"

namespace ray::rayd {
namespace {

double available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  for (double kilobytes; file >> name >> kilobytes; file.ignore(80, '\n')) {
    if (name == "MemAvailable:") return kilobytes * 1024;
  }
  return 0;
}

// Those that CUDA shows to this process and its children.
int gpus() {
  if (const char* shown = ::getenv("CUDA_VISIBLE_DEVICES")) {
    const std::string_view list = shown;
    return list.empty() ? 0 : static_cast<int>(std::count(list.begin(), list.end(), ',')) + 1;
  }
  int count = 0;
  while (::access(("/dev/nvidia" + std::to_string(count)).c_str(), F_OK) == 0) ++count;
  return count;
}

}  // namespace

std::map<std::string, double> machine_resources() {
  return {{std::string(base::kCpu), ipc::usable_cores()},
          {std::string(base::kGpu), gpus()},
          {std::string(base::kMemory), available_memory()}};
}

}  // namespace ray::rayd
