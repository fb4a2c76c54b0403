// GraphWriter prints a task graph in its textual form; graph_parser.h reads it back to the same.
#pragma once

#include <string>
#include <string_view>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// The version of the textual form.
inline constexpr unsigned kGraphVersion = 1;

std::string write_graph(const TaskGraph& graph);

// "@ns::f", or "@\"Box<int>::f\"" for a name that is no word.
std::string symbol_text(std::string_view symbol);
// "%a"; "?" for the unknown one.
std::string value_text(const Function& function, ValueId value);
std::string refs_text(const Function& function, const Refs& refs);
// "submit", "loop"
std::string_view keyword(Node::Kind kind);
std::string_view keyword(Function::Kind kind);
// The operation or the head of the region, on one line, without its place and facts.
std::string operation_text(const TaskGraph& graph, const Function& function, const Node& node);
// "!fan_out=8"
std::string fact_text(const Function& function, const Fact& fact);

}  // namespace ray::compiler::graph
