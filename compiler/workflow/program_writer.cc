#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "compiler/graph/graph_record.h"
#include "compiler/graph/graph_walk.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/options/string_literal.h"
#include "compiler/workflow/literal.h"
#include "compiler/workflow/value_type.h"
#include "compiler/workflow/workflow.h"

namespace ray::compiler::workflow {
namespace {

using graph::Argument;
using graph::Function;
using graph::FunctionId;
using graph::Node;
using graph::Refs;
using graph::RegionPath;
using graph::ValueId;

constexpr std::string_view kLibrary = "ray::internal::";

// A name of C++ for one of a graph; `id` tells apart those that would become the same.
std::string identifier(std::string_view prefix, std::string_view name, std::size_t id) {
  std::string result(prefix);
  bool is_changed = false;
  for (const char c : name) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    result += is_plain ? c : '_';
    is_changed |= !is_plain;
  }
  return is_changed ? result + "_" + std::to_string(id) : result;
}

// Its head is no text in any encoding.
std::string ascii_literal(std::string_view bytes) {
  std::string result;
  for (const char c : encode_string_literal(bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      result += c;
      continue;
    }
    result += '\\';
    for (int shift = 6; shift >= 0; shift -= 3) {
      result += static_cast<char>('0' + ((byte >> shift) & 7));
    }
  }
  return result;
}

class ProgramWriter {
 public:
  explicit ProgramWriter(const Workflow& workflow)
      : workflow_(workflow), flow_(workflow.flow()), is_used_(flow_.values.size()) {
    for_each_node(flow_, [this](const Node& node, const RegionPath& path) {
      for (const ValueId value : node.results) {
        if (!path.empty()) makers_[value] = path.front();
      }
      for (const Argument& argument : node.arguments) add_uses(argument.refs, path);
      if (node.actor) add_uses(*node.actor, path);
    });
  }

  std::string write() {
    std::ostringstream functions;
    for (FunctionId id = 0; id < workflow_.linked.size(); ++id) {
      if (workflow_.linked[id] != nullptr) write_function(functions, id);
    }
    std::ostringstream body;
    write_flow(body);
    std::ostringstream out;
    out << "// Made by ray-cc of " << workflow_.graph.source << ".\n"
        << "#include <ray/internal/workflow.h>\n"
        << "#include <ray/ray.h>\n\n";
    for (const std::string& header : types_.headers()) out << "#include <" << header << ">\n";
    out << "\nusing namespace std::literals;\n\nnamespace {\n\n";
    const std::vector<std::string> declarations = types_.declarations();
    for (const std::string& line : declarations) out << line << "\n";
    out << (declarations.empty() ? "" : "\n") << functions.str();
    write_record(out);
    out << body.str() << "\n}  // namespace\n\n";
    write_main(out);
    return out.str();
  }

 private:
  void add_uses(const Refs& refs, const RegionPath& path) {
    for (const ValueId value : refs.values) {
      is_used_[value] = true;
      // Behind the loop that makes it stands for all that it has made.
      const auto maker = makers_.find(value);
      if (maker == makers_.end()) continue;
      if (path.empty() || path.front() != maker->second) is_collected_.insert(value);
    }
  }

  std::string value_name(ValueId value) const {
    return identifier("v_", flow_.values[value], value);
  }
  std::string list_name(ValueId value) const {
    return identifier("all_", flow_.values[value], value);
  }
  std::string function_name(FunctionId id) const {
    return identifier("f_", workflow_.graph.functions[id].symbol, id);
  }
  bool is_actor(ValueId value) const { return actors_.count(value) != 0; }

  std::string ref_type(ValueId value) {
    return (is_actor(value) ? "ray::ActorHandle<" : "ray::ObjectRef<") +
           types_.name(workflow_.types[value]) + ">";
  }

  // "Item (int, const std::string &)" with the types of values: R(P...).
  std::string call_type(const LinkedFunction& function) {
    std::string result = "void";
    if (function.results.size() == 1) result = types_.name(function.results.front());
    if (function.results.size() > 1) {
      types_.name("std::tuple<>");
      result = "std::tuple<";
      for (const std::string& type : function.results) {
        result += (result.ends_with('<') ? "" : ", ") + types_.name(type);
      }
      result += ">";
    }
    std::string parameters;
    for (const LinkedParameter& parameter : function.parameters) {
      parameters += (parameters.empty() ? "" : ", ") + types_.name(parameter.type);
    }
    return result + "(" + parameters + ")";
  }

  void write_function(std::ostream& out, FunctionId id) {
    const LinkedFunction& function = *workflow_.linked[id];
    out << "// " << function.signature << "\n";
    out << "constexpr " << kLibrary;
    const std::size_t count = std::max<std::size_t>(function.results.size(), 1);
    switch (function.kind) {
      case Function::Kind::actor:
        out << "LinkedActor<" << types_.name(function.class_name()) << ", ";
        break;
      case Function::Kind::method:
        out << "LinkedMethod<" << types_.name(function.class_name()) << ", " << count << ", ";
        break;
      default:
        out << "LinkedTask<" << count << ", ";
    }
    out << call_type(function) << "> " << function_name(id)
        << "{{.name = " << encode_string_literal(function.name)
        << ", .signature = " << encode_string_literal(function.signature)
        << ", .file = " << encode_string_literal(function.file) << ", .line = " << function.line;
    if (count > 1) out << ", .num_returns = " << count;
    if (function.is_internal) out << ", .internal = true";
    out << "}};\n\n";
  }

  void write_flow(std::ostream& out) {
    out << "int flow([[maybe_unused]] " << kLibrary << "WorkflowRun& run) {\n";
    for (std::size_t i = 0; i < flow_.parameters.size(); ++i) {
      const Function::Parameter& parameter = flow_.parameters[i];
      if (!is_used_[*parameter.value]) continue;
      out << "  const auto " << value_name(*parameter.value) << " = run.argument<"
          << types_.name(parameter.type) << ">(" << i << ");\n";
    }
    write_nodes(out, flow_.nodes, "  ");
    const bool returns = !flow_.nodes.empty() && flow_.nodes.back().kind == Node::Kind::give_back;
    if (!returns) out << "  run.finish();\n  return 0;\n";
    out << "}\n";
  }

  void write_nodes(std::ostream& out, const std::vector<Node>& nodes, const std::string& indent) {
    for (const Node& node : nodes) write_node(out, node, indent);
  }

  void write_node(std::ostream& out, const Node& node, const std::string& indent) {
    out << "#line " << node.place.line << " " << encode_string_literal(workflow_.graph.source)
        << "\n";
    switch (node.kind) {
      case Node::Kind::loop:
        write_loop(out, node, indent);
        return;
      case Node::Kind::submit:
      case Node::Kind::create:
        write_call(out, node, indent);
        return;
      case Node::Kind::put: {
        const std::string type = types_.name(node.text);
        define(out, node, indent,
               "ray::put<" + type + ">(" +
                   literal_expression(node.arguments.front().literal, node.text, types_) + ")");
        return;
      }
      case Node::Kind::give_back:
        out << indent << "run.finish();\n"
            << indent << "return ray::get("
            << value_name(node.arguments.front().refs.values.front()) << ");\n";
        return;
      default:
        write_uses(out, node, indent);
    }
  }

  void write_loop(std::ostream& out, const Node& node, const std::string& indent) {
    for (const Node& inner : node.nodes) {
      for (const ValueId value : inner.results) {
        if (inner.kind == Node::Kind::create) actors_.insert(value);
        if (is_collected_.count(value) == 0) continue;
        out << indent << "std::vector<" << ref_type(value) << "> " << list_name(value) << ";\n";
      }
    }
    out << indent << "for (std::uint64_t i = 0; i < " << *node.count << "u; ++i) {\n";
    write_nodes(out, node.nodes, indent + "  ");
    out << indent << "}\n";
  }

  void write_call(std::ostream& out, const Node& node, const std::string& indent) {
    const LinkedFunction& function = *workflow_.linked[node.callee];
    if (node.kind == Node::Kind::create) actors_.insert(node.results.begin(), node.results.end());
    std::string arguments;
    if (node.actor) arguments = value_name(node.actor->values.front());
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      arguments += (arguments.empty() ? "" : ", ") +
                   argument_text(node.arguments[i], function.parameters[i].type);
    }
    define(out, node, indent, function_name(node.callee) + ".remote(" + arguments + ")");
  }

  void define(std::ostream& out, const Node& node, const std::string& indent,
              const std::string& made) {
    const bool is_needed = std::any_of(node.results.begin(), node.results.end(),
                                       [this](ValueId value) { return is_used_[value]; });
    if (!is_needed) {
      // The program ends when it has ended; that of an actor nobody awaits.
      const bool ends = node.kind == Node::Kind::submit;
      out << indent << (ends ? "run.finish_later(" + made + ")" : made) << ";\n";
      return;
    }
    std::string names;
    for (const ValueId value : node.results) {
      names += (names.empty() ? "" : ", ") + value_name(value);
    }
    if (node.results.size() > 1) names = "[" + names + "]";
    out << indent << "[[maybe_unused]] const auto " << names << " = " << made << ";\n";
    for (const ValueId value : node.results) {
      if (is_collected_.count(value) == 0) continue;
      out << indent << list_name(value) << ".push_back(" << value_name(value) << ");\n";
    }
  }

  std::string argument_text(const Argument& argument, const std::string& parameter) {
    if (argument.kind == Argument::Kind::literal) {
      return literal_expression(argument.literal, parameter, types_);
    }
    if (argument.refs.shape == Refs::Shape::one) return value_name(argument.refs.values.front());
    std::string element = take_apart(parameter).arguments.front();
    if (!argument.refs.is_itself) element = "ray::ObjectRef<" + element + ">";
    std::string items;
    for (const ValueId value : argument.refs.values) {
      items += (items.empty() ? "" : ", ") + held_name(value);
    }
    return std::string(kLibrary) + "list_of<" + types_.name(element) + ">(" + items + ")";
  }

  // One ref or all of a loop.
  std::string held_name(ValueId value) const {
    return is_collected_.count(value) != 0 ? list_name(value) : value_name(value);
  }

  void write_uses(std::ostream& out, const Node& node, const std::string& indent) {
    const std::string how = node.kind == Node::Kind::print    ? "print"
                            : node.kind == Node::Kind::cancel ? "cancel_each"
                            : node.kind == Node::Kind::kill   ? "kill_each"
                                                              : "await";
    for (const ValueId value : node.arguments.front().refs.values) {
      out << indent << kLibrary << how << "(" << held_name(value) << ");\n";
    }
  }

  // What ray-graph reads of the program.
  void write_record(std::ostream& out) {
    const std::string record = graph::write_graph_record(graph::write_graph(workflow_.graph));
    out << "// The graph of this file.\n"
        << "[[gnu::used, gnu::retain, gnu::section(\"" << graph::kGraphSection
        << "\")]] const char graph[] =\n";
    std::size_t begin = 0;
    while (begin < record.size()) {
      const std::size_t end = std::min(record.find('\n', begin), record.size() - 1) + 1;
      out << "    " << ascii_literal(std::string_view(record).substr(begin, end - begin))
          << (end == record.size() ? ";\n\n" : "\n");
      begin = end;
    }
  }

  void write_main(std::ostream& out) {
    std::string names;
    for (const Function::Parameter& parameter : flow_.parameters) {
      names += (names.empty() ? "" : ", ") + encode_string_literal(flow_.values[*parameter.value]);
    }
    const bool takes_rest =
        !flow_.parameters.empty() && element_of(flow_.parameters.back().type).has_value();
    out << "int main(int argc, char** argv) {\n"
        << "  return " << kLibrary << "run_workflow({argc, argv, {" << names << "}, "
        << (takes_rest ? "true" : "false") << "}, flow);\n"
        << "}\n";
  }

  const Workflow& workflow_;
  const Function& flow_;
  CppTypes types_;
  std::vector<bool> is_used_;
  std::map<ValueId, const Node*> makers_;  // the loop around
  std::set<ValueId> is_collected_;
  std::set<ValueId> actors_;
};

}  // namespace

std::string write_program(const Workflow& workflow) { return ProgramWriter(workflow).write(); }

}  // namespace ray::compiler::workflow
