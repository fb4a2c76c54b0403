#include "compiler/graph/graph_linker.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "compiler/graph/graph_walk.h"

namespace ray::compiler::graph {
namespace {

// "norm#2" is the name that the second overload of "norm" has in one file.
std::string without_number(const std::string& symbol) {
  const std::size_t hash = symbol.rfind('#');
  const bool is_numbered = hash != std::string::npos && hash > 0 && hash + 1 < symbol.size() &&
                           symbol.find_first_not_of("0123456789", hash + 1) == std::string::npos;
  return is_numbered ? symbol.substr(0, hash) : symbol;
}

// The same for the same function, whichever file speaks of it.
std::string key_of(const Function& function) {
  std::string key = without_number(function.symbol);
  for (const Function::Parameter& parameter : function.parameters) key += '\n' + parameter.type;
  return key + '\n' + std::to_string(static_cast<int>(function.kind));
}

class GraphLinker {
 public:
  void add(TaskGraph graph) {
    std::vector<FunctionId> ids;
    std::vector<FunctionId> bodies;  // to be taken from this graph
    for (FunctionId id = 0; id < graph.functions.size(); ++id) {
      Function& function = graph.functions[id];
      if (function.place.line != 0 && function.place.file.empty()) {
        function.place.file = graph.source;
      }
      const auto [linked, takes_body] = place(function);
      ids.push_back(linked);
      if (takes_body) bodies.push_back(id);
    }
    for (const FunctionId id : bodies) {
      Function& function = graph.functions[id];
      for_each_node(function, [&ids](Node& node, const RegionPath&) {
        if (node.is_call() && node.callee != kUnknownFunction) node.callee = ids[node.callee];
      });
      Function& linked = result_.functions[ids[id]];
      std::swap(function.symbol, linked.symbol);
      linked = std::move(function);
    }
  }

  TaskGraph take() { return std::move(result_); }

 private:
  // Where it goes in the result, and whether its body is the one to keep.
  std::pair<FunctionId, bool> place(const Function& function) {
    const auto next = static_cast<FunctionId>(result_.functions.size());
    if (!function.is_internal) {
      const auto [found, is_new] = ids_.emplace(key_of(function), next);
      if (!is_new) {
        return {found->second, function.has_body && !result_.functions[found->second].has_body};
      }
    }
    Function declaration = function;
    declaration.nodes.clear();
    declaration.symbol = unique_symbol(function.symbol);
    result_.functions.push_back(std::move(declaration));
    return {next, function.has_body};
  }

  std::string unique_symbol(const std::string& symbol) {
    if (symbols_.insert(symbol).second) return symbol;
    const std::string base = without_number(symbol);
    for (std::size_t number = 2;; ++number) {
      std::string candidate = base + "#" + std::to_string(number);
      if (symbols_.insert(candidate).second) return candidate;
    }
  }

  TaskGraph result_;
  std::map<std::string, FunctionId> ids_;
  std::set<std::string> symbols_;
};

}  // namespace

TaskGraph link_graphs(std::vector<TaskGraph> graphs) {
  if (graphs.size() == 1) return std::move(graphs.front());
  GraphLinker linker;
  for (TaskGraph& graph : graphs) linker.add(std::move(graph));
  return linker.take();
}

}  // namespace ray::compiler::graph
