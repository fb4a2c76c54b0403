// GraphParser reads the textual form of a task graph: what graph_writer.h has written comes back
// the same; anything else gets errors with exact places.
//
// Threading: no shared state of ours; any thread may call. No exception leaves.
// Limits: 16 MiB of text, 64 levels of blocks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// Bytes of the parsed text.
struct Span {
  std::size_t offset = 0;
  std::size_t length = 0;
};

// One diagnostic, in clang's voice. `note`, where not empty, says what to do.
struct GraphError {
  Span span;
  std::string message;
  std::string note;
};

// Where the parts of a graph stand in its text.
struct NodeSpans {
  Span operation;
  Span callee;
  std::vector<Span> arguments;  // as many as the node has
  Span actor;
};
struct FunctionSpans {
  Span symbol;
  std::vector<NodeSpans> nodes;  // each before those inside it
};

struct ParsedGraph {
  TaskGraph graph;
  std::vector<FunctionSpans> spans;  // of each function
  std::vector<GraphError> errors;    // where there are any, the rest is not to be used
};

// `known` are functions that the text may name without declaring them: those that it does not
// declare come behind its own, with empty spans.
ParsedGraph parse_graph(std::string_view text, const std::vector<Function>& known = {});

// "flow.ray:3:7: error: ..." with the line and a caret under the place, for each error.
std::string render_errors(const std::string& path, std::string_view text,
                          const std::vector<GraphError>& errors);

}  // namespace ray::compiler::graph
