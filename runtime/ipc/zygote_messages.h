// What a raylet and a zygote tell each other over a SOCK_SEQPACKET pair, encoded by base/wire.h
// behind a ZygoteMessageType.
//
// A zygote is the user's program, executed from the descriptor that its driver opened, with
// RAY_ZYGOTE=<descriptor of this socket> in its environment; it has run its static initialisers and
// stands before main. It says ZygoteReady once, then forks a worker for every ForkWorker. A program
// that cannot be forked safely (threads, sockets or devices open before main) says so, exits, and
// is executed anew for each worker, with RAY_WORKER=<descriptor> instead: that process reads one
// ForkWorker from the descriptor and becomes the worker itself.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace ray::ipc {

enum class ZygoteMessageType : std::uint16_t {
  zygote_ready = 1,
  fork_worker = 2,
  worker_forked = 3,
  worker_exited = 4,
};

struct ZygoteReady {
  static constexpr auto kType = ZygoteMessageType::zygote_ready;
  std::uint64_t registry_hash = 0;
  std::string refusal;  // why this program must be executed for each worker; "" where it may fork
  auto fields() { return std::tie(registry_hash, refusal); }
};

// Attached: the worker's control socket to the raylet.
struct ForkWorker {
  static constexpr auto kType = ZygoteMessageType::fork_worker;
  std::uint64_t startup_token = 0;
  std::int32_t raylet_pid = 0;
  std::string log_folder;  // the worker writes worker-<pid>.out and worker-<pid>.err there
  auto fields() { return std::tie(startup_token, raylet_pid, log_folder); }
};

// Attached: the worker's pidfd, opened before anything could reap it.
struct WorkerForked {
  static constexpr auto kType = ZygoteMessageType::worker_forked;
  std::uint64_t startup_token = 0;
  std::int32_t pid = 0;
  std::string error;
  auto fields() { return std::tie(startup_token, pid, error); }
};

struct WorkerExited {
  static constexpr auto kType = ZygoteMessageType::worker_exited;
  std::int32_t pid = 0;
  std::int32_t wait_status = 0;  // as waitpid(2) gives it
  auto fields() { return std::tie(pid, wait_status); }
};

}  // namespace ray::ipc
