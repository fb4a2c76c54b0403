// CallChecker finds which linked function a call of a workflow means, and what of its arguments
// does not fit.
#pragma once

#include <string>
#include <vector>

#include "compiler/graph/graph_parser.h"
#include "compiler/workflow/linked_function.h"

namespace ray::compiler::workflow {

class CallChecker {
 public:
  // All outlive the checker; `types` are those of the flow's values, as far as they are known.
  CallChecker(const graph::Function& flow, const std::vector<std::string>& types,
              std::vector<graph::GraphError>& errors)
      : flow_(flow), types_(types), errors_(errors) {}

  // Null where none fits, or several do, or what is called is not known: all but the last is
  // reported. `name` is what the workflow calls it.
  const LinkedFunction* choose(const graph::Node& node, const graph::NodeSpans& spans,
                               const std::string& name,
                               const std::vector<const LinkedFunction*>& candidates);

 private:
  std::vector<graph::GraphError> misfits(const graph::Node& node, const graph::NodeSpans& spans,
                                         const std::string& name, const LinkedFunction& function);
  // What is given where the parameter is of that type; empty where it fits.
  std::string misfit(const graph::Argument& argument, const std::string& parameter) const;
  std::string misfit(const graph::Refs& refs, const std::string& parameter) const;
  bool is_natural(const graph::Node& node, const LinkedFunction& function) const;

  const graph::Function& flow_;
  const std::vector<std::string>& types_;
  std::vector<graph::GraphError>& errors_;
};

}  // namespace ray::compiler::workflow
