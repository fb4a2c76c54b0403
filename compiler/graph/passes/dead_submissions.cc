#include "compiler/graph/passes/dead_submissions.h"

#include <algorithm>

#include "compiler/graph/passes/use_table.h"

namespace ray::compiler::graph {

void find_dead_submissions(TaskGraph& graph) {
  remove_facts(graph, "unused");
  for (Function& function : graph.functions) {
    const UseTable table(function);
    for_each_node(function, [&table](Node& node, const RegionPath&) {
      const bool makes_refs = node.kind == Node::Kind::submit || node.kind == Node::Kind::create ||
                              node.kind == Node::Kind::put;
      if (!makes_refs) return;
      const bool is_used =
          std::any_of(node.results.begin(), node.results.end(),
                      [&table](ValueId value) { return !table.uses(value).empty(); });
      if (!is_used) node.facts.push_back({"unused", std::nullopt, std::nullopt});
    });
  }
}

}  // namespace ray::compiler::graph
