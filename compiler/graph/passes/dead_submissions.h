// Dead submissions are those whose results nobody uses: the task runs for what it does, and its
// results need not come back. Fact: `!unused` on a submit, create or put.
#pragma once

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

void find_dead_submissions(TaskGraph& graph);

}  // namespace ray::compiler::graph
