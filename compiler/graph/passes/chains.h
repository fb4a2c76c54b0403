// A chain is a result with one consumer and no other use: both tasks can go to one worker, and the
// value need not be seen by anybody else. Fact: `!chain=%b` on the producer, where %b is the first
// result of the submission that consumes it.
#pragma once

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

void find_chains(TaskGraph& graph);

}  // namespace ray::compiler::graph
