// GraphDrawing writes a task graph for other programs: DOT for graphviz, JSON for anything else.
#pragma once

#include <string>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// One cluster for each function with a body, the regions inside it. A solid edge: the value is
// awaited; dashed: the ref itself is handed over; dotted: what the submission calls.
std::string write_dot(const TaskGraph& graph);

// Everything that the textual form holds, with values by name.
std::string write_json(const TaskGraph& graph);

}  // namespace ray::compiler::graph
