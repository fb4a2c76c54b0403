#include "compiler/graph/graph_writer.h"

#include <algorithm>

#include "compiler/options/string_literal.h"

namespace ray::compiler::graph {
namespace {

bool is_symbol_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         byte >= 0x80 || std::string_view("_.:~#$").find(c) != std::string_view::npos;
}

std::string place_text(const Place& place) {
  if (place.line == 0) return "";
  std::string result = " at ";
  if (!place.file.empty()) result += encode_string_literal(place.file) + " ";
  return result + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string argument_text(const Function& function, const Argument& argument) {
  switch (argument.kind) {
    case Argument::Kind::computed:
      return "_";
    case Argument::Kind::literal:
      return argument.literal;
    case Argument::Kind::refs:
      return refs_text(function, argument.refs);
  }
  return "_";
}

std::string call_text(const TaskGraph& graph, const Function& function, const Node& node) {
  std::string result;
  result += node.callee == kUnknownFunction
                ? " ?"
                : " " + symbol_text(graph.functions[node.callee].symbol);
  result += '(';
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    result += (i == 0 ? "" : ", ") + argument_text(function, node.arguments[i]);
  }
  result += ')';
  if (node.actor) result += " on " + refs_text(function, *node.actor);
  return result;
}

class GraphWriter {
 public:
  explicit GraphWriter(const TaskGraph& graph) : graph_(graph) {}

  std::string write() {
    out_ = "graph " + std::to_string(kGraphVersion);
    if (!graph_.source.empty()) out_ += " " + encode_string_literal(graph_.source);
    out_ += '\n';
    bool follows_body = true;
    for (const Function& function : graph_.functions) {
      if (follows_body || function.has_body) out_ += '\n';
      write_function(function);
      follows_body = function.has_body;
    }
    return std::move(out_);
  }

 private:
  void write_function(const Function& function) {
    if (function.is_internal) out_ += "internal ";
    out_ += std::string(keyword(function.kind)) + " " + symbol_text(function.symbol) + "(";
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      const Function::Parameter& parameter = function.parameters[i];
      out_ += (i == 0 ? "" : ", ") + encode_string_literal(parameter.type);
      if (parameter.value) out_ += " " + value_text(function, *parameter.value);
    }
    out_ += ')';
    for (std::size_t i = 0; i < function.results.size(); ++i) {
      out_ += (i == 0 ? " -> " : ", ") + encode_string_literal(function.results[i]);
    }
    out_ += place_text(function.place);
    if (function.has_body) write_block(function, function.nodes, 0);
    out_ += '\n';
  }

  void write_block(const Function& function, const std::vector<Node>& nodes, std::size_t depth) {
    out_ += " {\n";
    for (const Node& node : nodes) {
      out_.append(2 * (depth + 1), ' ');
      out_ += operation_text(graph_, function, node) + place_text(node.place);
      if (node.is_region()) {
        write_block(function, node.nodes, depth + 1);
        if (!node.otherwise.empty()) {
          out_ += " else";
          write_block(function, node.otherwise, depth + 1);
        }
      }
      for (const Fact& fact : node.facts) out_ += " " + fact_text(function, fact);
      out_ += '\n';
    }
    out_.append(2 * depth, ' ');
    out_ += '}';
  }

  const TaskGraph& graph_;
  std::string out_;
};

}  // namespace

std::string write_graph(const TaskGraph& graph) { return GraphWriter(graph).write(); }

std::string symbol_text(std::string_view symbol) {
  const bool is_word =
      !symbol.empty() && std::all_of(symbol.begin(), symbol.end(), is_symbol_character);
  return "@" + (is_word ? std::string(symbol) : encode_string_literal(symbol));
}

std::string value_text(const Function& function, ValueId value) {
  return value == kUnknownValue ? "?" : "%" + function.values[value];
}

std::string refs_text(const Function& function, const Refs& refs) {
  std::string result;
  for (std::size_t i = 0; i < refs.values.size(); ++i) {
    result += (i == 0 ? "" : ", ") + value_text(function, refs.values[i]);
  }
  if (refs.shape == Refs::Shape::any) result = "{" + result + "}";
  if (refs.shape == Refs::Shape::list) result = "[" + result + "]";
  return (refs.is_itself ? "&" : "") + result;
}

std::string_view keyword(Node::Kind kind) {
  static constexpr std::string_view kWords[] = {
      "submit", "create", "put",  "call",   "get",    "view", "await", "print",
      "wait",   "cancel", "kill", "return", "escape", "loop", "if",    "lambda"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::string_view keyword(Function::Kind kind) {
  static constexpr std::string_view kWords[] = {"task", "actor", "method", "function"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::string operation_text(const TaskGraph& graph, const Function& function, const Node& node) {
  std::string result;
  for (std::size_t i = 0; i < node.results.size(); ++i) {
    result += (i == 0 ? "" : ", ") + value_text(function, node.results[i]);
  }
  if (!result.empty()) result += " = ";
  result += keyword(node.kind);
  if (node.is_region()) {
    if (node.count) result += " " + std::to_string(*node.count);
  } else if (node.is_call()) {
    result += call_text(graph, function, node);
  } else if (node.kind == Node::Kind::put) {
    result += "(" + argument_text(function, node.arguments.front()) + ")";
    if (!node.text.empty()) result += " : " + encode_string_literal(node.text);
  } else {
    result += " " + refs_text(function, node.arguments.front().refs);
    if (!node.text.empty()) result += " " + encode_string_literal(node.text);
  }
  return result;
}

std::string fact_text(const Function& function, const Fact& fact) {
  std::string result = "!" + fact.name;
  if (fact.count) result += "=" + std::to_string(*fact.count);
  if (fact.value) result += "=" + value_text(function, *fact.value);
  return result;
}

}  // namespace ray::compiler::graph
