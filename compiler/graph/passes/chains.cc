#include "compiler/graph/passes/chains.h"

#include "compiler/graph/passes/use_table.h"

namespace ray::compiler::graph {

void find_chains(TaskGraph& graph) {
  remove_facts(graph, "chain");
  for (Function& function : graph.functions) {
    const UseTable table(function);
    for_each_node(function, [&table](Node& node, const RegionPath& path) {
      if (node.kind != Node::Kind::submit && node.kind != Node::Kind::put) return;
      if (node.results.size() != 1) return;
      const std::vector<Use>& uses = table.uses(node.results.front());
      if (uses.size() != 1) return;
      const Use& use = uses.front();
      // In other regions one of the two may run more often than the other.
      const bool is_consumed = use.node->kind == Node::Kind::submit &&
                               use.how == Use::How::awaits && use.shape == Refs::Shape::one &&
                               use.path == path && !use.node->results.empty();
      if (is_consumed) node.facts.push_back({"chain", std::nullopt, use.node->results.front()});
    });
  }
}

}  // namespace ray::compiler::graph
