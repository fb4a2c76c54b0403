// GraphVerifier checks what the shape of a graph alone does not say: that calls fit their callees,
// that a ref is used where it may be, that names can be written.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/graph/graph_parser.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// What is wrong with one part of a graph.
struct GraphProblem {
  enum class Part { function, operation, callee, argument, actor };
  FunctionId function = 0;
  std::size_t node = 0;  // in the order of graph_walk.h
  Part part = Part::function;
  std::size_t argument = 0;
  std::string message;
  std::string note;
};

std::vector<GraphProblem> verify_graph(const TaskGraph& graph);

// The same with places in the text that the graph was parsed from.
std::vector<GraphError> verify_graph(const ParsedGraph& parsed);

}  // namespace ray::compiler::graph
