#include <vector>

#include "compiler/graph/graph_drawing.h"
#include "compiler/graph/graph_walk.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/options/string_literal.h"

namespace ray::compiler::graph {
namespace {

class DotWriter {
 public:
  explicit DotWriter(const TaskGraph& graph) : graph_(graph) {}

  std::string write() {
    line("digraph tasks {");
    line("  rankdir=LR;");
    line("  node [shape=box, fontname=\"monospace\", fontsize=10];");
    line("  edge [fontname=\"monospace\", fontsize=9];");
    for (FunctionId id = 0; id < graph_.functions.size(); ++id) write_function(id);
    out_ += edges_;
    line("}");
    return std::move(out_);
  }

 private:
  static std::string quoted(const std::string& text) { return encode_string_literal(text); }
  static std::string entry(FunctionId id) { return "f" + std::to_string(id); }
  void line(const std::string& text) { out_ += text + "\n"; }

  void write_function(FunctionId id) {
    const Function& function = graph_.functions[id];
    const std::string title = std::string(keyword(function.kind)) + " " + function.symbol;
    if (!function.has_body) {
      line("  " + entry(id) + " [label=" + quoted(title) + ", style=rounded];");
      return;
    }
    line("  subgraph cluster_" + entry(id) + " {");
    line("    label=" + quoted(title) + ";");
    line("    " + entry(id) + " [label=" + quoted(function.symbol) + ", style=rounded];");
    makers_.assign(function.values.size(), entry(id));
    next_ = 0;
    for_each_node(function, [this, id](const Node& node, const RegionPath&) {
      for (const ValueId value : node.results) makers_[value] = name(id, next_);
      ++next_;
    });
    next_ = 0;
    write_nodes(id, function.nodes, "    ");
    line("  }");
  }

  static std::string name(FunctionId id, std::size_t index) {
    return "n" + std::to_string(id) + "_" + std::to_string(index);
  }

  void write_nodes(FunctionId id, const std::vector<Node>& nodes, const std::string& indent) {
    for (const Node& node : nodes) {
      const std::string self = name(id, next_++);
      if (node.is_region()) {
        write_region(id, node, self, indent);
        continue;
      }
      std::string label = operation_text(graph_, graph_.functions[id], node);
      for (const Fact& fact : node.facts) {
        label += "\n" + fact_text(graph_.functions[id], fact);
      }
      line(indent + self + " [label=" + quoted(label) + "];");
      write_edges(node, self);
    }
  }

  void write_region(FunctionId id, const Node& node, const std::string& self,
                    const std::string& indent) {
    std::string label(keyword(node.kind));
    if (node.count) label += " " + std::to_string(*node.count);
    open_cluster(self, label, indent);
    write_nodes(id, node.nodes, indent + "  ");
    line(indent + "}");
    if (node.otherwise.empty()) return;
    open_cluster(self + "_else", "else", indent);
    write_nodes(id, node.otherwise, indent + "  ");
    line(indent + "}");
  }

  void open_cluster(const std::string& cluster, const std::string& label,
                    const std::string& indent) {
    line(indent + "subgraph cluster_" + cluster + " {");
    line(indent + "  label=" + quoted(label) + ";");
    line(indent + "  style=dashed;");
  }

  void write_edges(const Node& node, const std::string& self) {
    for (const Argument& argument : node.arguments) {
      if (argument.kind != Argument::Kind::refs) continue;
      write_edges(argument.refs, self, argument.refs.is_itself ? " [style=dashed]" : "");
    }
    if (node.actor) write_edges(*node.actor, self, " [style=dashed, label=\"on\"]");
    if (node.callee != kUnknownFunction) {
      edges_ += "  " + self + " -> " + entry(node.callee) + " [style=dotted, constraint=false];\n";
    }
  }

  void write_edges(const Refs& refs, const std::string& self, const std::string& style) {
    for (const ValueId value : refs.values) {
      if (value == kUnknownValue || makers_[value] == self) continue;
      edges_.append("  ").append(makers_[value]).append(" -> ").append(self);
      edges_.append(style).append(";\n");
    }
  }

  const TaskGraph& graph_;
  std::string out_;
  std::string edges_;
  std::vector<std::string> makers_;  // of the values of the function being written
  std::size_t next_ = 0;
};

}  // namespace

std::string write_dot(const TaskGraph& graph) { return DotWriter(graph).write(); }

}  // namespace ray::compiler::graph
