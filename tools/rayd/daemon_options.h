// DaemonOptions is rayd's command line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/base/resources.h"

namespace ray::rayd {

struct DaemonOptions {
  enum class Role { all, raylet, gcs };

  Role role = Role::all;
  std::string session_folder;  // "": it makes one
  int owner_fd = -1;           // the first driver's socket; -1: nobody's daemon
  int owner_pid = 0;
  base::ResourceSet resources;
  std::map<std::string, std::string> labels;
  std::uint64_t object_store_bytes = 0;  // 0: by the machine
  std::string log_file;                  // "": in the session folder
  bool verbose = false;
  std::string gcs_address;  // role raylet: where to find it; role gcs: where to listen
  std::string token_file;   // needed to listen beyond loopback
};

// Prints help, or what is wrong, and gives the exit status then.
struct ParsedOptions {
  DaemonOptions options;
  std::optional<int> exit_status;
};
ParsedOptions parse_options(int argc, char** argv);

}  // namespace ray::rayd
