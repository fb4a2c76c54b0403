#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compiler/graph/graph_verifier.h"
#include "compiler/graph/graph_walk.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/graph/passes/pass.h"
#include "compiler/workflow/call_checker.h"
#include "compiler/workflow/flow_order.h"
#include "compiler/workflow/literal.h"
#include "compiler/workflow/value_type.h"
#include "compiler/workflow/workflow.h"

namespace ray::compiler::workflow {
namespace {

using graph::Argument;
using graph::Function;
using graph::FunctionId;
using graph::GraphError;
using graph::Node;
using graph::NodeSpans;
using graph::ParsedGraph;
using graph::Refs;
using graph::RegionPath;
using graph::Span;
using graph::ValueId;

std::string quoted(const std::string& text) { return "'" + text + "'"; }

bool is_command_line_type(const std::string& type) {
  return type == "std::string" || type == "bool" || is_integer(type) || is_floating(type);
}

// Checks one parsed text and fills in a workflow.
class WorkflowReader {
 public:
  WorkflowReader(ParsedGraph& parsed, const std::vector<LinkedFunction>& functions,
                 std::vector<GraphError>& errors)
      : parsed_(parsed), errors_(errors) {
    const std::vector<Function> declarations = declarations_of(functions);
    for (std::size_t i = 0; i < functions.size(); ++i) {
      by_symbol_[declarations[i].symbol] = &functions[i];
      overloads_[functions[i].symbol()].push_back(&functions[i]);
    }
  }

  // False where nothing more is to be said.
  bool read(Workflow& out) {
    linked_.resize(parsed_.graph.functions.size());
    for (FunctionId id = 0; id < linked_.size(); ++id) link(id);
    if (!main_) {
      fail({}, "a workflow needs its 'function @main() { ... }'");
      return false;
    }
    types_.resize(flow().values.size());
    check_head();
    check_order(flow(), parsed_.spans[*main_], errors_);
    if (!errors_.empty()) return false;
    check_nodes();
    out.main = *main_;
    out.linked = linked_;
    out.types = types_;
    return errors_.empty();
  }

 private:
  Function& flow() { return parsed_.graph.functions[*main_]; }
  void fail(Span span, std::string message, std::string note = "") {
    errors_.push_back({span, std::move(message), std::move(note)});
  }

  bool is_of_text(FunctionId id) const { return parsed_.spans[id].symbol.length != 0; }

  void link(FunctionId id) {
    const Function& function = parsed_.graph.functions[id];
    const Span& span = parsed_.spans[id].symbol;
    if (!is_of_text(id)) {
      linked_[id] = by_symbol_.at(function.symbol);
    } else if (function.symbol == "main" && function.has_body) {
      main_ = id;
      if (function.kind != Function::Kind::plain) fail(span, "'@main' is a plain 'function'");
    } else if (function.has_body) {
      fail(span, quoted("@" + function.symbol) + " has a body here",
           "a workflow is one function, '@main'; what it calls has been compiled already");
    } else {
      link_declared(id, function, span);
    }
  }

  void link_declared(FunctionId id, const Function& function, Span span) {
    const std::string name(without_number(function.symbol));
    const auto found = overloads_.find(name);
    if (found == overloads_.end()) {
      fail(span, "no binary holds a remote function " + quoted("@" + name));
      return;
    }
    std::string known;
    for (const LinkedFunction* each : found->second) {
      const auto same = [](const Function::Parameter& a, const LinkedParameter& b) {
        return a.type == b.type;
      };
      if (each->kind == function.kind && each->results == function.results &&
          std::equal(function.parameters.begin(), function.parameters.end(),
                     each->parameters.begin(), each->parameters.end(), same)) {
        linked_[id] = each;
        return;
      }
      known += (known.empty() ? "" : ", ") + quoted(each->signature) + " at " + each->file + ":" +
               std::to_string(each->line);
    }
    fail(span, quoted("@" + name) + " is declared otherwise than it was compiled",
         "it is " + known);
  }

  // The parameters come from the command line, the result is the exit status.
  void check_head() {
    Function& main = flow();
    const Span span = parsed_.spans[*main_].symbol;
    for (std::size_t i = 0; i < main.parameters.size(); ++i) {
      const Function::Parameter& parameter = main.parameters[i];
      const bool is_last = i + 1 == main.parameters.size();
      const TypeParts parts = take_apart(parameter.type);
      const bool is_rest = is_last && parts.name == "std::vector" && parts.arguments.size() == 1 &&
                           is_command_line_type(parts.arguments.front());
      if (!is_rest && !is_command_line_type(parameter.type)) {
        fail(span,
             "parameter " + std::to_string(i + 1) + " of '@main' is " + quoted(parameter.type) +
                 ", which cannot be read from a command line",
             "what can: \"std::string\", \"bool\", numbers, and last a std::vector of them");
      }
      if (parameter.value) {
        types_[*parameter.value] = parameter.type;
      } else {
        fail(span, "parameter " + std::to_string(i + 1) + " of '@main' needs a name",
             "write '\"" + parameter.type + "\" %name'");
      }
    }
    const bool gives_status = main.results.size() == 1 && main.results.front() == "int";
    if (!main.results.empty() && !gives_status) {
      fail(span, "'@main' gives nothing, or an \"int\": the exit status");
    }
    const bool returns = !main.nodes.empty() && main.nodes.back().kind == Node::Kind::give_back;
    if (gives_status && !returns) {
      fail(span, "'@main' gives an \"int\"", "end it with 'return %status'");
    }
  }

  void check_nodes() {
    graph::FunctionSpans& spans = parsed_.spans[*main_];
    std::size_t index = 0;
    graph::for_each_node(flow(),
                         [&](Node& node, const RegionPath&) { check(node, spans.nodes[index++]); });
  }

  void check(Node& node, NodeSpans& spans) {
    switch (node.kind) {
      case Node::Kind::submit:
      case Node::Kind::create:
        check_call(node, spans);
        return;
      case Node::Kind::put:
        check_put(node, spans);
        return;
      case Node::Kind::print:
        check_print(node, spans);
        return;
      case Node::Kind::give_back:
        check_return(node, spans);
        return;
      default:
        return;
    }
  }

  void check_call(Node& node, NodeSpans& spans) {
    if (linked_[node.callee] == nullptr) return;  // reported at its declaration
    const std::string symbol = parsed_.graph.functions[node.callee].symbol;
    const std::string name = "@" + std::string(without_number(symbol));
    std::vector<const LinkedFunction*> candidates = {linked_[node.callee]};
    if (!is_of_text(node.callee) && symbol == without_number(symbol)) {
      candidates = overloads_.at(symbol);
    }
    const LinkedFunction* chosen =
        CallChecker(flow(), types_, errors_).choose(node, spans, name, candidates);
    if (chosen == nullptr) return;
    for (std::size_t i = node.arguments.size(); i < chosen->parameters.size(); ++i) {
      Argument argument;
      argument.kind = Argument::Kind::literal;
      argument.literal = *default_literal(chosen->parameters[i]);
      node.arguments.push_back(std::move(argument));
      spans.arguments.push_back(spans.callee);
    }
    if (chosen != linked_[node.callee]) {
      node.callee = static_cast<FunctionId>(std::find(linked_.begin(), linked_.end(), chosen) -
                                            linked_.begin());
    }
    for (std::size_t i = 0; i < node.results.size(); ++i) {
      types_[node.results[i]] = node.kind == Node::Kind::create ? chosen->class_name()
                                : i < chosen->results.size()    ? chosen->results[i]
                                                                : "void";
    }
  }

  void check_put(Node& node, const NodeSpans& spans) {
    const Argument& argument = node.arguments.front();
    if (argument.kind != Argument::Kind::literal) {
      fail(spans.arguments.front(), "a workflow puts literals");
      return;
    }
    if (node.text.empty()) node.text = natural_type(argument.literal);
    if (node.text.empty()) {
      fail(spans.arguments.front(), "this literal has no type of its own",
           "write it behind: 'put(...) : \"T\"'");
      return;
    }
    const std::string given = misfit(argument.literal, node.text);
    if (!given.empty() || !is_standard(node.text)) {
      fail(spans.arguments.front(), "a " + quoted(node.text) + " cannot be made of " +
                                        (given.empty() ? "a literal" : given));
    }
    for (const ValueId value : node.results) types_[value] = node.text;
  }

  void check_print(const Node& node, const NodeSpans& spans) {
    for (const ValueId value : node.arguments.front().refs.values) {
      if (value == graph::kUnknownValue || types_[value].empty()) continue;
      if (is_standard(types_[value])) continue;
      const std::string name = quoted(graph::value_text(flow(), value));
      if (types_[value] == "void") {
        fail(spans.arguments.front(), name + " has no value to print", "'get' awaits it");
      } else {
        fail(spans.arguments.front(),
             name + " is " + quoted(types_[value]) + ", which a workflow cannot print",
             "numbers, strings and the standard containers of them can be printed: let a remote "
             "function make one of it");
      }
    }
  }

  void check_return(const Node& node, const NodeSpans& spans) {
    const Refs& refs = node.arguments.front().refs;
    if (flow().results.empty()) {
      fail(spans.operation, "'@main' gives nothing",
           "write 'function @main() -> \"int\"' to return an exit status");
    } else if (&node != &flow().nodes.back()) {
      fail(spans.operation, "'return' ends a workflow: it stands last");
    } else if (refs.shape != Refs::Shape::one || types_[refs.values.front()] != "int") {
      fail(spans.arguments.front(), "the exit status is one \"int\"");
    }
  }

  ParsedGraph& parsed_;
  std::vector<GraphError>& errors_;
  std::map<std::string, const LinkedFunction*> by_symbol_;
  std::map<std::string, std::vector<const LinkedFunction*>, std::less<>> overloads_;
  std::vector<const LinkedFunction*> linked_;
  std::optional<FunctionId> main_;
  std::vector<std::string> types_;
};

graph::Place place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const std::size_t column = offset - (before.rfind('\n') + 1);
  return {"", static_cast<unsigned>(line) + 1, static_cast<unsigned>(column) + 1};
}

// Where each operation stands, for messages and drawings.
void set_places(std::string_view text, const graph::FunctionSpans& spans, Function& flow) {
  flow.place = place_of(text, spans.symbol.offset);
  std::size_t index = 0;
  graph::for_each_node(flow, [&](Node& node, const RegionPath&) {
    node.place = place_of(text, spans.nodes[index++].operation.offset);
  });
}

// Leaves only what the flow calls.
void drop_unused(Workflow& workflow) {
  std::vector<FunctionId> ids(workflow.graph.functions.size(), graph::kUnknownFunction);
  ids[workflow.main] = 0;
  graph::for_each_node(workflow.flow(), [&](const Node& node, const RegionPath&) {
    if (node.is_call()) ids[node.callee] = 0;
  });
  std::vector<Function> functions;
  std::vector<const LinkedFunction*> linked;
  for (FunctionId id = 0; id < ids.size(); ++id) {
    if (ids[id] == graph::kUnknownFunction) continue;
    ids[id] = static_cast<FunctionId>(functions.size());
    functions.push_back(std::move(workflow.graph.functions[id]));
    linked.push_back(workflow.linked[id]);
  }
  workflow.main = ids[workflow.main];
  graph::for_each_node(functions[workflow.main], [&](Node& node, const RegionPath&) {
    if (node.is_call()) node.callee = ids[node.callee];
  });
  workflow.graph.functions = std::move(functions);
  workflow.linked = std::move(linked);
}

}  // namespace

ReadWorkflow read_workflow(const std::string& path, std::string_view text,
                           const std::vector<LinkedFunction>& functions) {
  ReadWorkflow result;
  ParsedGraph parsed = graph::parse_graph(text, declarations_of(functions));
  result.errors = std::move(parsed.errors);
  if (!result.errors.empty()) return result;
  Workflow& workflow = result.workflow;
  if (WorkflowReader(parsed, functions, result.errors).read(workflow)) {
    result.errors = graph::verify_graph(parsed);
  }
  if (!result.errors.empty()) return result;
  set_places(text, parsed.spans[workflow.main], parsed.graph.functions[workflow.main]);
  workflow.graph = std::move(parsed.graph);
  workflow.graph.source = path;
  drop_unused(workflow);
  graph::run_all_passes(workflow.graph);
  return result;
}

}  // namespace ray::compiler::workflow
