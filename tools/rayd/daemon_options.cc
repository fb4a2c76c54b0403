#include "daemon_options.h"

#include <CLI/CLI.hpp>
#include <utility>
#include <vector>

#include "node_resources.h"

namespace ray::rayd {
namespace {

// "NAME=VALUE" entries as a map of texts.
std::map<std::string, std::string> pairs_of(const std::vector<std::string>& entries,
                                            const char* option) {
  std::map<std::string, std::string> pairs;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw CLI::ValidationError(option, "'" + entry + "' is not NAME=VALUE");
    }
    pairs[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  return pairs;
}

double number_of(const std::string& text, const std::string& name) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') {
    throw CLI::ValidationError("--resource", name + "=" + text + ": not a number");
  }
  return value;
}

struct Amounts {
  std::optional<double> cpus;
  std::optional<double> gpus;
  std::optional<double> memory;
  std::vector<std::string> custom;
};

base::ResourceSet resources_of(const Amounts& given) {
  std::map<std::string, double> amounts = machine_resources();
  if (given.cpus) amounts[std::string(base::kCpu)] = *given.cpus;
  if (given.gpus) amounts[std::string(base::kGpu)] = *given.gpus;
  if (given.memory) amounts[std::string(base::kMemory)] = *given.memory;
  for (const auto& [name, text] : pairs_of(given.custom, "--resource")) {
    if (name == base::kCpu || name == base::kGpu || name == base::kMemory) {
      throw CLI::ValidationError("--resource", name + " has an option of its own");
    }
    amounts[name] = number_of(text, name);
  }
  absl::StatusOr<base::ResourceSet> set = base::ResourceSet::from_map(amounts);
  if (!set.ok()) throw CLI::ValidationError("resources", std::string(set.status().message()));
  if (set->units(base::kGpu) % base::ResourceSet::kUnitsPerOne != 0) {
    throw CLI::ValidationError("--num-gpus", "a node has whole GPUs");
  }
  return *std::move(set);
}

}  // namespace

ParsedOptions parse_options(int argc, char** argv) {
  ParsedOptions parsed;
  DaemonOptions& options = parsed.options;
  Amounts amounts;
  std::vector<std::string> labels;
  CLI::App app("The daemon of a ray-cc node: raylet, GCS, or both", "rayd");
  app.add_option("--role", options.role, "all, raylet or gcs")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, DaemonOptions::Role>{{"all", DaemonOptions::Role::all},
                                                     {"raylet", DaemonOptions::Role::raylet},
                                                     {"gcs", DaemonOptions::Role::gcs}}));
  app.add_option("--session-folder", options.session_folder,
                 "existing folder for socket and logs; without it a new session is made");
  auto* fd = app.add_option("--owner-fd", options.owner_fd, "socket of the driver that starts it");
  auto* pid = app.add_option("--owner-pid", options.owner_pid, "that driver's process");
  fd->needs(pid);
  pid->needs(fd);
  app.add_option("--num-cpus", amounts.cpus, "CPUs to offer");
  app.add_option("--num-gpus", amounts.gpus, "GPUs to offer");
  app.add_option("--memory", amounts.memory, "memory to offer, bytes");
  app.add_option("--resource", amounts.custom, "NAME=AMOUNT of another resource; repeatable");
  app.add_option("--label", labels, "NAME=VALUE of this node; repeatable");
  app.add_option("--object-store-memory", options.object_store_bytes, "bytes; 0: by the machine");
  app.add_option("--gcs-address", options.gcs_address, "HOST:PORT of the GCS");
  app.add_option("--token-file", options.token_file, "shared secret of the cluster, in a file");
  app.add_option("--log-file", options.log_file, "default: logs/rayd.log in the session folder");
  app.add_flag("--verbose", options.verbose, "log every detail");
  try {
    app.parse(argc, argv);
    options.resources = resources_of(amounts);
    options.labels = pairs_of(labels, "--label");
    if (options.role != DaemonOptions::Role::all && options.gcs_address.empty()) {
      throw CLI::ValidationError("--role", "raylet and gcs need --gcs-address");
    }
  } catch (const CLI::ParseError& error) {
    parsed.exit_status = app.exit(error);
  }
  return parsed;
}

}  // namespace ray::rayd
