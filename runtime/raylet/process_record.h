// What a raylet remembers of each process that is connected to it, and of each job.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "runtime/base/ids.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/event_loop.h"
#include "runtime/raylet/connection.h"
#include "runtime/raylet/zygote_pool.h"

namespace ray::raylet {

struct ProcessRecord {
  base::ProcessId id;
  ipc::ProcessKind kind = ipc::ProcessKind::driver;
  pid_t pid = 0;
  base::UniqueFd pidfd;
  std::unique_ptr<Connection> connection;
  std::string name;
  base::JobId job;
  bool greeted = false;  // its Hello was answered; it has `fabric_index` and is known to the store
  std::uint32_t fabric_index = 0;

  std::uint32_t unanswered = 0;  // requests that wait for the GCS

  // Of a worker.
  scheduling::StartupToken token = 0;
  scheduling::PoolKey pool;

  // Its end.
  bool expected = false;  // it was told to end
  std::string reason;     // where this raylet killed it, why
  bool gone = false;      // its pidfd says so
  bool finishing = false;
  std::optional<int> wait_status;
  std::optional<ipc::EventLoop::TimerId> timer;  // the next step, if the present one takes too long
};

struct JobRecord {
  base::JobId id;
  base::ProcessId driver;
  pid_t driver_pid = 0;
  std::string name;
  std::string name_space;
  WorkerProgram program;
  // running -> ending (all workers go, but for detached actors) -> lingering, where there are such:
  // only they, and what they start, are left -> ending.
  enum class State { running, ending, lingering };
  State state = State::running;
  bool orderly = false;  // its driver waits for Disconnected
  bool driver_gone = false;
  bool told_refusal = false;
};

}  // namespace ray::raylet
