#include "compiler/graph/graph_verifier.h"

#include <algorithm>
#include <set>

#include "compiler/graph/graph_walk.h"
#include "compiler/graph/graph_writer.h"

namespace ray::compiler::graph {
namespace {

using Kind = Node::Kind;
using Part = GraphProblem::Part;

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

bool is_value_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// Where a value comes from.
struct Definition {
  const Node* node = nullptr;  // null for a parameter
  std::size_t index = 0;       // of the node
  RegionPath path;
};

class FunctionVerifier {
 public:
  FunctionVerifier(const TaskGraph& graph, FunctionId id, std::vector<GraphProblem>& problems)
      : graph_(graph), id_(id), function_(graph.functions[id]), problems_(problems) {}

  void verify() {
    verify_head();
    if (!collect_definitions()) return;
    index_ = 0;
    for_each_node(function_, [this](const Node& node, const RegionPath& path) {
      path_ = &path;
      current_ = &node;
      verify_node(node);
      ++index_;
    });
  }

 private:
  GraphProblem& report(Part part, std::string message, std::string note = "",
                       std::size_t argument = 0) {
    problems_.push_back({id_, index_, part, argument, std::move(message), std::move(note)});
    return problems_.back();
  }

  void verify_head() {
    if (function_.kind == Function::Kind::actor && !function_.results.empty()) {
      report(Part::function, "an actor has no result: what creates it gets its handle");
    }
    if (function_.symbol.empty()) report(Part::function, "a function needs a name");
    std::set<std::string> names;
    for (const std::string& name : function_.values) {
      if (!is_value_name(name)) report(Part::function, quoted("%" + name) + " is no name");
      if (!names.insert(name).second)
        report(Part::function, quoted("%" + name) + " is there twice");
    }
    if (!function_.has_body && !function_.nodes.empty()) {
      report(Part::function, "a function without a body has no operations");
    }
  }

  // False where ids lead nowhere, so that nothing else can be said.
  bool collect_definitions() {
    std::vector<bool> is_defined(function_.values.size());
    bool is_whole = true;
    definitions_.resize(function_.values.size());
    const auto define = [&](ValueId value, Definition definition) {
      if (value >= is_defined.size() || is_defined[value]) {
        report(Part::function, "a value is not defined once");
        is_whole = false;
        return;
      }
      is_defined[value] = true;
      definitions_[value] = std::move(definition);
    };
    for (const Function::Parameter& parameter : function_.parameters) {
      if (parameter.value) define(*parameter.value, {});
    }
    std::size_t index = 0;
    for_each_node(function_, [&](const Node& node, const RegionPath& path) {
      for (const ValueId value : node.results) define(value, {&node, index, path});
      ++index;
    });
    if (std::count(is_defined.begin(), is_defined.end(), false) != 0) {
      report(Part::function, "a value is named and not defined");
      is_whole = false;
    }
    for_each_node(function_, [&](const Node& node, const RegionPath&) {
      for (const Argument& argument : node.arguments) is_whole &= are_known(argument.refs);
      if (node.actor) is_whole &= are_known(*node.actor);
      for (const Fact& fact : node.facts) is_whole &= !fact.value || is_known(*fact.value);
      is_whole &= node.callee == kUnknownFunction || node.callee < graph_.functions.size();
    });
    return is_whole;
  }
  bool is_known(ValueId value) const {
    return value == kUnknownValue || value < function_.values.size();
  }
  bool are_known(const Refs& refs) const {
    return std::all_of(refs.values.begin(), refs.values.end(),
                       [this](ValueId value) { return is_known(value); });
  }

  void verify_node(const Node& node) {
    if (node.is_call()) {
      verify_call(node);
    } else if (!node.is_region() && node.arguments.size() != 1) {
      report(Part::operation, quoted(std::string(keyword(node.kind))) + " takes one operand");
      return;
    }
    verify_results(node);
    for (std::size_t i = 0; i < node.arguments.size(); ++i) verify_argument(node, i);
    if (node.actor) verify_actor(node);
    for (const Fact& fact : node.facts) verify_fact(fact);
    if (node.kind != Kind::branch && !node.otherwise.empty()) {
      report(Part::operation, "only 'if' has an 'else'");
    }
  }

  void verify_call(const Node& node) {
    if (node.callee == kUnknownFunction) return;
    const Function& callee = graph_.functions[node.callee];
    const std::string name = quoted("@" + callee.symbol);
    // Any function can be submitted by ray::task(f), annotated or not.
    const bool is_actor = callee.kind == Function::Kind::actor;
    const bool is_right = is_actor == (node.kind == Kind::create);
    if (!is_right) {
      report(Part::callee,
             name + " is " + (is_actor ? "an " : "a ") + std::string(keyword(callee.kind)),
             is_actor ? "an actor is made by 'create'" : "'create' makes actors");
      return;
    }
    if (node.arguments.size() != callee.parameters.size()) {
      report(Part::callee, name + " takes " + counted(callee.parameters.size(), "argument") +
                               "; given " + std::to_string(node.arguments.size()));
    }
    const bool wants_actor = node.kind == Kind::submit && callee.kind == Function::Kind::method;
    if (wants_actor && !node.actor) {
      report(Part::callee, name + " is a method",
             "say of which actor: '" + std::string(keyword(node.kind)) + " @" + callee.symbol +
                 "() on %actor'");
    }
    if (!wants_actor && node.actor) {
      report(Part::actor, name + " is called on no actor", "leave out 'on'");
    }
  }

  void verify_results(const Node& node) {
    std::size_t allowed = 0;
    if (node.kind == Kind::submit && node.callee != kUnknownFunction) {
      allowed = result_count(graph_.functions[node.callee]);
    } else if (node.kind == Kind::submit) {
      return;
    } else if (node.kind == Kind::create || node.kind == Kind::put || node.kind == Kind::call) {
      allowed = 1;
    } else if (node.kind == Kind::wait) {
      allowed = 2;
    }
    if (node.results.empty() || node.results.size() == allowed) return;
    report(Part::operation, quoted(std::string(keyword(node.kind))) + " gives " +
                                (allowed == 0 ? "nothing" : counted(allowed, "ref")) + ", not " +
                                std::to_string(node.results.size()));
  }

  bool is_actor(ValueId value) const {
    if (value == kUnknownValue) return false;
    const Node* node = definitions_[value].node;
    return node != nullptr && node->kind == Kind::create;
  }
  bool is_object(ValueId value) const {
    if (value == kUnknownValue) return false;
    const Node* node = definitions_[value].node;
    return node != nullptr && node->kind != Kind::create && node->kind != Kind::call;
  }

  void verify_argument(const Node& node, std::size_t index) {
    const Argument& argument = node.arguments[index];
    if (argument.kind != Argument::Kind::refs) {
      if (!node.is_call() && node.kind != Kind::put) {
        report(Part::argument, "refs are wanted here", "", index);
      }
      return;
    }
    verify_refs(argument.refs, Part::argument, index);
    const bool awaits = node.kind == Kind::get || node.kind == Kind::view ||
                        node.kind == Kind::await || node.kind == Kind::print ||
                        node.kind == Kind::wait || (node.is_call() && !argument.refs.is_itself);
    for (const ValueId value : argument.refs.values) {
      if (awaits && is_actor(value)) {
        report(Part::argument, quoted(value_text(function_, value)) + " is an actor's handle",
               node.is_call() ? "it is handed over: write '&" + value_text(function_, value) + "'"
                              : "only what a method returns can be awaited",
               index);
      }
      if (node.kind == Kind::kill && is_object(value)) {
        report(Part::argument, quoted(value_text(function_, value)) + " is no actor",
               "a task is ended by 'cancel'", index);
      }
    }
  }

  void verify_actor(const Node& node) {
    verify_refs(*node.actor, Part::actor, 0);
    for (const ValueId value : node.actor->values) {
      if (is_object(value)) {
        report(Part::actor, quoted(value_text(function_, value)) + " is no actor",
               "an actor comes from 'create', or from a parameter");
      }
    }
  }

  void verify_refs(const Refs& refs, Part part, std::size_t argument) {
    if (refs.shape == Refs::Shape::list) return;
    if (refs.values.empty() || (refs.shape == Refs::Shape::one && refs.values.size() != 1)) {
      report(part, "one ref is wanted here", "", argument);
      return;
    }
    if (refs.shape == Refs::Shape::one) verify_exact(refs.values.front(), part, argument);
  }

  // '%a' is what %a is at this time, so it must have been made, whichever way was gone.
  void verify_exact(ValueId value, Part part, std::size_t argument) {
    if (value == kUnknownValue) return;
    const Definition& definition = definitions_[value];
    if (definition.node == nullptr) return;
    const bool is_around =
        definition.path.size() <= path_->size() &&
        std::equal(definition.path.begin(), definition.path.end(), path_->begin());
    if (is_around && definition.index < index_ && !is_other_branch(definition)) return;
    report(part, quoted(value_text(function_, value)) + " may not have been made here",
           "for a ref that was kept somewhere write '{" + value_text(function_, value) + "}'",
           argument);
  }

  // Whether the definition stands in the other half of the innermost `if` that both are in.
  bool is_other_branch(const Definition& definition) const {
    if (definition.path.empty()) return false;
    const Node* inner = definition.path.back();
    if (inner->kind != Kind::branch) return false;
    const Node* last =
        definition.path.size() < path_->size() ? (*path_)[definition.path.size()] : current_;
    return is_in(inner->nodes, definition.node) != is_in(inner->nodes, last);
  }
  static bool is_in(const std::vector<Node>& nodes, const Node* node) {
    return std::any_of(nodes.begin(), nodes.end(), [node](const Node& n) { return &n == node; });
  }

  void verify_fact(const Fact& fact) {
    static const std::set<std::string> names = {"unused", "chain", "fan_in", "fan_out", "local"};
    if (names.count(fact.name) == 0) {
      report(Part::operation, "there is no fact '!" + fact.name + "'");
      return;
    }
    const bool may_count = fact.name == "fan_in" || fact.name == "fan_out";
    const bool wants_value = fact.name == "chain";
    if ((fact.count && !may_count) || fact.value.has_value() != wants_value) {
      report(Part::operation, "'!" + fact.name + "' " +
                                  (wants_value ? "names a value: '!" + fact.name + "=%a'"
                                   : may_count ? "is written alone or with a number"
                                               : "is written alone"));
    }
  }

  const TaskGraph& graph_;
  const FunctionId id_;
  const Function& function_;
  std::vector<GraphProblem>& problems_;
  std::vector<Definition> definitions_;
  std::size_t index_ = 0;
  const RegionPath* path_ = nullptr;
  const Node* current_ = nullptr;
};

Span locate(const GraphProblem& problem, const FunctionSpans& spans) {
  if (problem.part == Part::function) return spans.symbol;
  const NodeSpans& node = spans.nodes[problem.node];
  switch (problem.part) {
    case Part::callee:
      return node.callee;
    case Part::actor:
      return node.actor;
    case Part::argument:
      return node.arguments[problem.argument];
    default:
      return node.operation;
  }
}

}  // namespace

std::vector<GraphProblem> verify_graph(const TaskGraph& graph) {
  std::vector<GraphProblem> problems;
  std::set<std::string> symbols;
  for (FunctionId id = 0; id < graph.functions.size(); ++id) {
    if (!symbols.insert(graph.functions[id].symbol).second) {
      problems.push_back({id, 0, Part::function, 0, "two functions have this name", ""});
    }
    FunctionVerifier(graph, id, problems).verify();
  }
  return problems;
}

std::vector<GraphError> verify_graph(const ParsedGraph& parsed) {
  std::vector<GraphError> errors;
  for (GraphProblem& problem : verify_graph(parsed.graph)) {
    errors.push_back({locate(problem, parsed.spans[problem.function]), std::move(problem.message),
                      std::move(problem.note)});
  }
  return errors;
}

}  // namespace ray::compiler::graph
