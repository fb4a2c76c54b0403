// graph_walk.h goes over the operations of a function: each before those inside it, in the order of
// the text.
#pragma once

#include <vector>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// Calls `visit(node, path)` for each; `path` is the regions around it, the outermost first.
template <class Nodes, class Visit, class Path>
void walk(Nodes& nodes, Visit& visit, Path& path) {
  for (auto& node : nodes) {
    visit(node, path);
    if (!node.is_region()) continue;
    path.push_back(&node);
    walk(node.nodes, visit, path);
    walk(node.otherwise, visit, path);
    path.pop_back();
  }
}

using RegionPath = std::vector<const Node*>;

template <class Visit>
void for_each_node(const Function& function, Visit visit) {
  RegionPath path;
  walk(function.nodes, visit, path);
}
template <class Visit>
void for_each_node(Function& function, Visit visit) {
  RegionPath path;
  walk(function.nodes, visit, path);
}

}  // namespace ray::compiler::graph
