// Pass is one thing that can be proved of a graph. What it proves it adds to the operations as
// facts of its name, in the place of those that it added before.
#pragma once

#include <span>
#include <string_view>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

struct Pass {
  std::string_view name;
  std::string_view summary;
  void (*run)(TaskGraph& graph);
};

// In the order in which they are run.
std::span<const Pass> all_passes();

void run_all_passes(TaskGraph& graph);

}  // namespace ray::compiler::graph
