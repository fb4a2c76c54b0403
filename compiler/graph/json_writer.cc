#include "compiler/graph/graph_drawing.h"
#include "compiler/graph/graph_writer.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler::graph {
namespace {

// What C++ source can hold and JSON cannot is replaced.
std::string as_utf8(const std::string& text) {
  return llvm::json::isUTF8(text) ? text : llvm::json::fixUTF8(text);
}

class JsonWriter {
 public:
  JsonWriter(const TaskGraph& graph, llvm::json::OStream& out) : graph_(graph), out_(out) {}

  void write() {
    out_.object([this] {
      out_.attribute("version", kGraphVersion);
      attribute("source", graph_.source);
      out_.attributeArray("functions", [this] {
        for (const Function& function : graph_.functions) write_function(function);
      });
    });
  }

 private:
  void attribute(llvm::StringRef name, const std::string& text) {
    out_.attribute(name, as_utf8(text));
  }

  void write_function(const Function& function) {
    out_.object([&] {
      out_.attribute("kind", llvm::StringRef(keyword(function.kind)));
      attribute("symbol", function.symbol);
      if (function.is_internal) out_.attribute("internal", true);
      out_.attributeArray("parameters", [&] {
        for (const Function::Parameter& parameter : function.parameters) {
          out_.object([&] {
            attribute("type", parameter.type);
            if (parameter.value) attribute("value", function.values[*parameter.value]);
          });
        }
      });
      out_.attributeArray("results", [&] {
        for (const std::string& type : function.results) out_.value(as_utf8(type));
      });
      write_place(function.place);
      if (function.has_body) write_nodes("body", function, function.nodes);
    });
  }

  void write_place(const Place& place) {
    if (place.line == 0) return;
    out_.attributeObject("at", [&] {
      if (!place.file.empty()) attribute("file", place.file);
      out_.attribute("line", place.line);
      out_.attribute("column", place.column);
    });
  }

  void write_nodes(llvm::StringRef name, const Function& function, const std::vector<Node>& nodes) {
    out_.attributeArray(name, [&] {
      for (const Node& node : nodes) {
        out_.object([&] { write_node(function, node); });
      }
    });
  }

  void write_node(const Function& function, const Node& node) {
    out_.attribute("op", llvm::StringRef(keyword(node.kind)));
    if (!node.results.empty()) write_values("results", function, node.results);
    if (node.is_call()) {
      if (node.callee == kUnknownFunction) {
        out_.attribute("callee", nullptr);
      } else {
        attribute("callee", graph_.functions[node.callee].symbol);
      }
    }
    if (!node.is_region()) {
      out_.attributeArray("arguments", [&] {
        for (const Argument& argument : node.arguments) write_argument(function, argument);
      });
    }
    if (node.actor) {
      out_.attributeBegin("on");
      write_refs(function, *node.actor);
      out_.attributeEnd();
    }
    if (!node.text.empty()) attribute(node.kind == Node::Kind::put ? "type" : "to", node.text);
    if (node.count) out_.attribute("count", static_cast<std::int64_t>(*node.count));
    write_place(node.place);
    if (!node.facts.empty()) {
      out_.attributeObject("facts", [&] {
        for (const Fact& fact : node.facts) write_fact(function, fact);
      });
    }
    if (node.is_region()) write_nodes("nodes", function, node.nodes);
    if (!node.otherwise.empty()) write_nodes("else", function, node.otherwise);
  }

  void write_values(llvm::StringRef name, const Function& function,
                    const std::vector<ValueId>& values) {
    out_.attributeArray(name, [&] {
      for (const ValueId value : values) {
        if (value == kUnknownValue) {
          out_.value(nullptr);
        } else {
          out_.value(as_utf8(function.values[value]));
        }
      }
    });
  }

  void write_argument(const Function& function, const Argument& argument) {
    if (argument.kind == Argument::Kind::refs) {
      write_refs(function, argument.refs);
      return;
    }
    out_.object([&] {
      if (argument.kind == Argument::Kind::literal) attribute("literal", argument.literal);
    });
  }

  void write_refs(const Function& function, const Refs& refs) {
    static constexpr llvm::StringRef kShapes[] = {"one", "any", "list"};
    out_.object([&] {
      write_values("refs", function, refs.values);
      out_.attribute("shape", kShapes[static_cast<std::size_t>(refs.shape)]);
      if (refs.is_itself) out_.attribute("itself", true);
    });
  }

  void write_fact(const Function& function, const Fact& fact) {
    if (fact.count) {
      out_.attribute(fact.name, static_cast<std::int64_t>(*fact.count));
    } else if (fact.value) {
      out_.attribute(fact.name, as_utf8(function.values[*fact.value]));
    } else {
      out_.attribute(fact.name, true);
    }
  }

  const TaskGraph& graph_;
  llvm::json::OStream& out_;
};

}  // namespace

std::string write_json(const TaskGraph& graph) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  {
    llvm::json::OStream out(stream, 2);
    JsonWriter(graph, out).write();
  }
  stream.flush();
  return result + "\n";
}

}  // namespace ray::compiler::graph
