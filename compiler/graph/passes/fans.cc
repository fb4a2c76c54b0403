#include "compiler/graph/passes/fans.h"

#include <algorithm>

#include "compiler/graph/passes/use_table.h"

namespace ray::compiler::graph {
namespace {

using Bound = std::optional<std::uint64_t>;

Bound consumers(const UseTable& table, ValueId value) {
  Bound result = 0;
  for (const Use& use : table.uses(value)) {
    const bool is_submission =
        use.node->kind == Node::Kind::submit || use.node->kind == Node::Kind::create;
    if (!is_submission || use.how == Use::How::callee) continue;
    const std::size_t common = common_regions(table.path(value), use.path);
    // What was kept may meet every round of the loops around its use, even of those it was made in.
    result = add_bounds(result, repetitions(use.path, use.shape == Refs::Shape::one ? common : 0));
  }
  return result;
}

// How many refs of `value` there can be at once in a collection.
Bound produced(const UseTable& table, ValueId value) {
  if (value == kUnknownValue) return std::nullopt;
  const Node* node = table.definition(value);
  // A parameter's refs, and those that a wait or a function has given, may be collections.
  const bool is_one =
      node != nullptr && node->kind != Node::Kind::wait && node->kind != Node::Kind::call;
  return is_one ? repetitions(table.path(value), 0) : std::nullopt;
}

Bound awaited(const UseTable& table, const Node& node) {
  Bound result = 0;
  for (const Argument& argument : node.arguments) {
    if (argument.kind != Argument::Kind::refs || argument.refs.is_itself) continue;
    if (argument.refs.shape != Refs::Shape::list) {
      result = add_bounds(result, 1);
      continue;
    }
    for (const ValueId value : argument.refs.values) {
      result = add_bounds(result, produced(table, value));
    }
  }
  return result;
}

void add_fact(Node& node, const char* name, Bound bound) {
  if (!bound || *bound > 1) node.facts.push_back({name, bound, std::nullopt});
}

}  // namespace

void find_fans(TaskGraph& graph) {
  remove_facts(graph, "fan_out");
  remove_facts(graph, "fan_in");
  for (Function& function : graph.functions) {
    const UseTable table(function);
    for_each_node(function, [&table](Node& node, const RegionPath&) {
      if (node.kind == Node::Kind::submit) add_fact(node, "fan_in", awaited(table, node));
      if (node.kind != Node::Kind::submit && node.kind != Node::Kind::put) return;
      Bound most = 0;
      for (const ValueId value : node.results) {
        const Bound bound = consumers(table, value);
        if (!bound || !most) {
          most = std::nullopt;
        } else {
          most = std::max(*most, *bound);
        }
      }
      add_fact(node, "fan_out", most);
    });
  }
}

}  // namespace ray::compiler::graph
