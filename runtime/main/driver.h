// Driver is this process' part in one cluster: the one it started, daemon and session folder
// included, or one it joined.
//
// Threading: made and stopped by one thread at a time. Ownership: its engine is never freed, since
// refs may outlive the cluster.
// Failure: a daemon that cannot start, or an address where nothing answers, is a ray::Error that
// says which and why.
#pragma once

#include <ray/ray.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/log.h"
#include "runtime/base/session.h"
#include "runtime/base/unique_fd.h"
#include "runtime/core_worker/native_engine.h"
#include "runtime/main/output_tailer.h"

namespace ray::main {

// What main knows of the program and its environment.
struct Program {
  std::vector<std::string> arguments;    // argv
  std::vector<std::string> environment;  // "NAME=value"
  std::string session_parent;            // $XDG_RUNTIME_DIR or /tmp
  std::string daemon;                    // path of rayd; "" looks where it was installed
};

class Driver {
 public:
  // `init.address` "" starts a cluster; else it is the session folder of one to join.
  static std::unique_ptr<Driver> start(const Program& program, const InitOptions& init);
  ~Driver();

  internal::Engine& engine() { return *engine_; }
  // Ends the job, shows the last output of its workers, and lets a daemon that it started end.
  void stop();

 private:
  Driver() = default;
  void start_daemon(const Program& program, const InitOptions& init);
  void join(const std::string& address);
  void connect(const Program& program, const InitOptions& init);
  std::string daemon_log_tail() const;

  base::StderrLog log_;
  std::optional<base::Session> session_;  // where it started the cluster
  base::UniqueFd daemon_;                 // pidfd, there too
  base::UniqueFd control_;                // held until the last output was read
  core_worker::NativeEngine* engine_ = nullptr;
  std::unique_ptr<OutputTailer> tailer_;
};

}  // namespace ray::main
