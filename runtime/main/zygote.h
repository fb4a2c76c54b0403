// A zygote is the user's program stopped before main, with its static initialisers done: it forks
// workers on request, each in a fraction of the time and memory that a new program would take.
//
// It refuses where a fork could not be trusted: with more than one thread (the child would wait for
// threads and locks that are not there), or with an open socket, epoll, io_uring or device (shared
// by all workers from then on).
// Threading: single-threaded by nature.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/base/unique_fd.h"

namespace ray::main {

// What a process needs to become a worker.
struct WorkerStart {
  base::UniqueFd control;  // socket to the raylet
  std::uint64_t startup_token = 0;
  std::int32_t parent_pid = 0;  // whose death is to be the worker's: its zygote's, or the raylet's
  std::string log_folder;
};

// Serves the raylet behind `socket` until it is gone. Returns a value in each worker, none in the
// zygote itself, whose process then ends.
std::optional<WorkerStart> serve_zygote(base::UniqueFd socket, std::uint64_t registry_hash);

// For a program that is executed for each worker: reads its one request.
std::optional<WorkerStart> receive_worker_start(base::UniqueFd socket);

// Why this process, as it is now, must not be forked from; "" where it may. `ignored_fd` is the
// zygote's own socket.
std::string fork_refusal(int ignored_fd);

}  // namespace ray::main
