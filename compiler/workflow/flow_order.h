// flow_order.h checks that a workflow can be run from its first line to its last: each value is
// made before it is used, nothing depends on itself, and nothing is left open.
#pragma once

#include <vector>

#include "compiler/graph/graph_parser.h"

namespace ray::compiler::workflow {

void check_order(const graph::Function& flow, const graph::FunctionSpans& spans,
                 std::vector<graph::GraphError>& errors);

}  // namespace ray::compiler::workflow
