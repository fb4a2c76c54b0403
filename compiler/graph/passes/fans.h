// Fans are where a graph widens and narrows. Facts, with the number where it is bounded:
// `!fan_out=8` on what makes a value: at most so many submissions take it, so it is worth a copy on
// each node. `!fan_in=8` on a submission: it awaits at most so many values. Neither is written
// where the number is 1 or 0.
#pragma once

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

void find_fans(TaskGraph& graph);

}  // namespace ray::compiler::graph
