// run_worker makes this process a worker: it dies with its parent, prints to files of its own, and
// runs what owners send it until its raylet tells it to end.
#pragma once

#include "runtime/main/zygote.h"

namespace ray::main {

// Gives the exit status. Static destructors are still to run.
int run_worker(WorkerStart start);

}  // namespace ray::main
