#include "runtime/main/worker.h"

#include <fcntl.h>
#include <ray/internal/bootstrap.h>
#include <ray/internal/registry.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "runtime/base/log.h"
#include "runtime/core_worker/native_engine.h"
#include "runtime/ipc/process.h"
#include "runtime/main/function_table.h"

namespace ray::main {
namespace {

bool redirect(const std::string& path, int flags, int to) {
  const base::UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  return fd && ::dup2(fd.get(), to) >= 0;
}

bool redirect_output(const std::string& folder) {
  const std::string base = folder + "/worker-" + std::to_string(::getpid());
  constexpr int kAppend = O_WRONLY | O_CREAT | O_APPEND;
  if (!redirect("/dev/null", O_RDONLY, STDIN_FILENO) ||
      !redirect(base + ".out", kAppend, STDOUT_FILENO) ||
      !redirect(base + ".err", kAppend, STDERR_FILENO)) {
    return false;
  }
  std::setvbuf(stdout, nullptr, _IOLBF,
               BUFSIZ);  // whole lines reach the driver as they are printed
  return true;
}

// CUDA's own variable. Where the program already sees only some of the machine's GPUs, a lease's
// numbers count among those.
std::vector<std::string> show_gpus(const std::vector<std::int32_t>& ids) {
  constexpr const char* kVariable = "CUDA_VISIBLE_DEVICES";
  static const char* const given = ::getenv(kVariable);
  static const std::string seen_first = given == nullptr ? "" : given;
  const std::vector<std::string> seen = absl::StrSplit(seen_first, ',', absl::SkipEmpty());
  std::vector<std::string> shown;
  for (const std::int32_t id : ids) {
    const auto place = static_cast<std::size_t>(id);
    shown.push_back(place < seen.size() ? seen[place] : std::to_string(id));
  }
  if (!ids.empty()) {
    ::setenv(kVariable, absl::StrJoin(shown, ",").c_str(), 1);
  } else if (given != nullptr) {
    ::setenv(kVariable, seen_first.c_str(), 1);
  } else {
    ::unsetenv(kVariable);
  }
  return shown;
}

}  // namespace

int run_worker(WorkerStart start) {
  if (!ipc::die_with_parent(SIGKILL, start.parent_pid)) return 1;
  ::setpgid(0, 0);  // so that what a task starts can be ended with it
  if (!redirect_output(start.log_folder)) return 1;

  static auto* const log = new base::StderrLog;  // used until the process is gone
  core_worker::NativeOptions options;
  options.control = std::move(start.control);
  options.hello.kind = ipc::ProcessKind::worker;
  options.hello.pid = ::getpid();
  options.hello.startup_token = start.startup_token;
  options.hello.registry_hash = registry_hash();
  options.find_function = [](std::uint64_t key) { return internal::find_function(key); };
  options.show_gpus = show_gpus;
  options.log = log;
  options.marks_output = true;
  absl::StatusOr<std::unique_ptr<core_worker::NativeEngine>> engine =
      core_worker::NativeEngine::connect(std::move(options));
  if (absl::IsCancelled(engine.status())) return 0;  // its cluster ends as it starts
  if (!engine.ok()) {
    log->error("a worker cannot start: ", engine.status().message());
    return 1;
  }
  static core_worker::NativeEngine* const leaked = engine->release();  // refs point to it
  internal::set_engine(leaked);
  leaked->run_worker();
  return 0;
}

}  // namespace ray::main
