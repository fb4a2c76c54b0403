// GraphLinker makes one graph of those of several source files, as a linker makes one program:
// declarations meet their definitions, what is internal to a file keeps apart.
#pragma once

#include <vector>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// Each of `graphs` is without problems (graph_verifier.h). Of several bodies of one function, as an
// inline one has, the first is taken.
TaskGraph link_graphs(std::vector<TaskGraph> graphs);

}  // namespace ray::compiler::graph
