// LinkedFunction is a remote function, constructor or method that a binary holds, as its registry
// tells of it (compiler/model/registry_line.h).
//
// Limits: a line may come from a file that anybody has written: it is bounds-checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::workflow {

struct LinkedParameter {
  std::string type;  // as a task graph spells it
  std::string name;
  std::string default_argument;  // as written; empty where there is none
};

struct LinkedFunction {
  graph::Function::Kind kind = graph::Function::Kind::task;
  std::string name;       // with `signature` it makes the key: "ns::f", "Tracker::Tracker"
  std::string signature;  // as the user wrote it
  std::string file;
  unsigned line = 0;
  bool is_internal = false;
  bool is_template = false;
  std::vector<std::string> results;  // types, as a task graph spells them
  std::vector<LinkedParameter> parameters;

  std::string symbol() const;      // what a workflow calls it: an actor by its class
  std::string class_name() const;  // of an actor or a method
};

std::optional<LinkedFunction> parse_registry_line(std::string_view line);

// As a task graph declares them; overloads behind the first are numbered: "f#2".
std::vector<graph::Function> declarations_of(const std::vector<LinkedFunction>& functions);

// "f" of "f#2".
std::string_view without_number(std::string_view symbol);

}  // namespace ray::compiler::workflow
