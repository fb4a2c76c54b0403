// GraphSyntax is where ANTLR ends: it parses text into ANTLR's tree, and says in a reader's words
// what is wrong where it cannot.
//
// Only graph_parser.cc and graph_syntax.cc include this.
#pragma once

#include <TaskGraphLexer.h>
#include <TaskGraphParser.h>
#include <antlr4-runtime.h>

#include <optional>
#include <string_view>

#include "compiler/graph/graph_parser.h"

namespace ray::compiler::graph {

// ANTLR's streams hold code points; one per byte keeps its positions those of our text.
class ByteStream : public antlr4::ANTLRInputStream {
 public:
  explicit ByteStream(std::string_view text) {
    for (const char c : text) _data += static_cast<unsigned char>(c);
  }
};

// The tree lives as long as this does.
class GraphSyntax {
 public:
  explicit GraphSyntax(std::string_view text);

  // Null where there is an error.
  TaskGraphParser::GraphContext* tree() const { return tree_; }
  const std::optional<GraphError>& error() const { return error_; }

 private:
  bool is_nested_too_deeply();

  ByteStream bytes_;
  TaskGraphLexer lexer_;
  antlr4::CommonTokenStream tokens_;
  TaskGraphParser parser_;
  TaskGraphParser::GraphContext* tree_ = nullptr;
  std::optional<GraphError> error_;
};

Span span_of(antlr4::Token& token);
Span span_of(antlr4::ParserRuleContext& context);

}  // namespace ray::compiler::graph
