#include "compiler/graph/passes/local_refs.h"

#include <algorithm>
#include <vector>

#include "compiler/graph/passes/use_table.h"

namespace ray::compiler::graph {
namespace {

class EscapeTable {
 public:
  explicit EscapeTable(const TaskGraph& graph) : graph_(graph) {
    for (const Function& function : graph.functions) {
      tables_.emplace_back(function);
      escapes_.emplace_back(function.parameters.size(), !function.has_body);
    }
    // From "none escapes" upwards, until nothing changes.
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (FunctionId id = 0; id < graph.functions.size(); ++id) has_changed |= update(id);
    }
  }

  bool escapes(FunctionId function, ValueId value) const {
    const std::vector<Use>& uses = tables_[function].uses(value);
    return std::any_of(uses.begin(), uses.end(), [this](const Use& use) { return escapes(use); });
  }

 private:
  bool update(FunctionId id) {
    const Function& function = graph_.functions[id];
    bool has_changed = false;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      const std::optional<ValueId> value = function.parameters[i].value;
      if (escapes_[id][i] || !value || !escapes(id, *value)) continue;
      escapes_[id][i] = true;
      has_changed = true;
    }
    return has_changed;
  }

  bool escapes(const Use& use) const {
    if (use.how == Use::How::leaves) return true;
    if (use.how != Use::How::passes) return false;
    const Node& node = *use.node;
    if (node.kind != Node::Kind::call || node.callee == kUnknownFunction) return true;
    const std::vector<bool>& parameters = escapes_[node.callee];
    return use.argument >= parameters.size() || parameters[use.argument];
  }

  const TaskGraph& graph_;
  std::vector<UseTable> tables_;
  std::vector<std::vector<bool>> escapes_;  // of each function's parameters
};

}  // namespace

void find_local_refs(TaskGraph& graph) {
  remove_facts(graph, "local");
  const EscapeTable table(graph);
  for (FunctionId id = 0; id < graph.functions.size(); ++id) {
    for_each_node(graph.functions[id], [&table, id](Node& node, const RegionPath&) {
      const bool makes_refs = node.kind == Node::Kind::submit || node.kind == Node::Kind::create ||
                              node.kind == Node::Kind::put;
      if (!makes_refs) return;
      const bool leaves =
          std::any_of(node.results.begin(), node.results.end(),
                      [&table, id](ValueId value) { return table.escapes(id, value); });
      if (!leaves) node.facts.push_back({"local", std::nullopt, std::nullopt});
    });
  }
}

}  // namespace ray::compiler::graph
