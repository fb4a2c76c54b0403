// Workflow is a workflow file (docs/workflows.md) as it will be compiled: one function whose calls
// are wired to what the registries of binaries list, each value with its type.
//
// Threading: no shared state; any thread may call. Ownership: a Workflow refers to the functions it
// was read with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/graph/graph_parser.h"
#include "compiler/graph/task_graph.h"
#include "compiler/workflow/linked_function.h"

namespace ray::compiler::workflow {

struct Workflow {
  graph::TaskGraph graph;                     // the flow, and what it calls
  graph::FunctionId main = 0;                 // the flow
  std::vector<const LinkedFunction*> linked;  // of each function of the graph; null of `main`
  std::vector<std::string> types;             // of main's values; of an actor its class

  const graph::Function& flow() const { return graph.functions[main]; }
};

struct ReadWorkflow {
  Workflow workflow;
  std::vector<graph::GraphError> errors;  // where there are any, the rest is not to be used
};

// `path` is what the graph and messages of the program call the file.
ReadWorkflow read_workflow(const std::string& path, std::string_view text,
                           const std::vector<LinkedFunction>& functions);

// The C++ of the program.
std::string write_program(const Workflow& workflow);

}  // namespace ray::compiler::workflow
