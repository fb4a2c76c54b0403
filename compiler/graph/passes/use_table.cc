#include "compiler/graph/passes/use_table.h"

#include <algorithm>
#include <set>

namespace ray::compiler::graph {
namespace {

using Kind = Node::Kind;

// No program submits more than this; above it a number says nothing.
constexpr std::uint64_t kCountMax = std::uint64_t{1} << 48;

Use::How how_used(const Node& node, const Refs& refs) {
  switch (node.kind) {
    case Kind::submit:
    case Kind::create:
      return refs.is_itself ? Use::How::passes : Use::How::awaits;
    case Kind::call:
    case Kind::put:
      return Use::How::passes;
    case Kind::cancel:
    case Kind::kill:
      return Use::How::ends;
    case Kind::give_back:
    case Kind::escape:
      return Use::How::leaves;
    default:
      return Use::How::reads;
  }
}

}  // namespace

UseTable::UseTable(const Function& function)
    : definitions_(function.values.size()),
      paths_(function.values.size()),
      uses_(function.values.size()) {
  for_each_node(function, [this](const Node& node, const RegionPath& path) {
    for (const ValueId value : node.results) {
      definitions_[value] = &node;
      paths_[value] = path;
    }
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      const Argument& argument = node.arguments[i];
      if (argument.kind != Argument::Kind::refs) continue;
      add(argument.refs, {&node, how_used(node, argument.refs), i, argument.refs.shape, path});
    }
    if (node.actor) add(*node.actor, {&node, Use::How::callee, 0, node.actor->shape, path});
  });
  pass_on_waited();
}

void UseTable::add(const Refs& refs, const Use& use) {
  for (const ValueId value : refs.values) {
    if (value != kUnknownValue) uses_[value].push_back(use);
  }
}

void UseTable::pass_on_waited() {
  for (ValueId value = 0; value < uses_.size(); ++value) {
    std::set<const Node*> seen;
    for (std::size_t i = 0; i < uses_[value].size(); ++i) {  // grows meanwhile
      const Node* wait = uses_[value][i].node;
      if (wait->kind != Kind::wait || !seen.insert(wait).second) continue;
      for (const ValueId part : wait->results) {
        if (part == value) continue;
        const std::vector<Use> uses = uses_[part];
        for (const Use& use : uses) {
          const bool is_known =
              std::any_of(uses_[value].begin(), uses_[value].end(), [&use](const Use& known) {
                return known.node == use.node && known.how == use.how &&
                       known.argument == use.argument;
              });
          if (!is_known) uses_[value].push_back(use);
        }
      }
    }
  }
}

std::optional<std::uint64_t> repetitions(const RegionPath& path, std::size_t common) {
  std::uint64_t result = 1;
  for (std::size_t i = common; i < path.size(); ++i) {
    if (path[i]->kind == Kind::branch) continue;
    if (!path[i]->count) return std::nullopt;
    if (*path[i]->count != 0 && result > kCountMax / *path[i]->count) return std::nullopt;
    result *= *path[i]->count;
  }
  return result;
}

std::size_t common_regions(const RegionPath& a, const RegionPath& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}

std::optional<std::uint64_t> add_bounds(std::optional<std::uint64_t> a,
                                        std::optional<std::uint64_t> b) {
  if (!a || !b || *a + *b > kCountMax) return std::nullopt;
  return *a + *b;
}

void remove_facts(TaskGraph& graph, std::string_view name) {
  for (Function& function : graph.functions) {
    for_each_node(function, [name](Node& node, const RegionPath&) {
      std::erase_if(node.facts, [name](const Fact& fact) { return fact.name == name; });
    });
  }
}

}  // namespace ray::compiler::graph
