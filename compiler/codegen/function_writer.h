// FunctionWriter writes what stands beside an annotated function or static member, and what stands
// for it at the end of the main file (README.md shows both).
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "compiler/codegen/overload_set.h"
#include "compiler/codegen/text_writer.h"
#include "compiler/model/callable.h"

namespace ray::compiler {

// What the first of a name in its scope brings with it.
struct StubParts {
  bool opens_set = false;         // for all of that name
  bool opens_chosen_set = false;  // for the templates of that name, by types that are given
  // By how many template arguments that are given, not all of them types.
  std::vector<std::size_t> opens_chosen;
  // What braces can be for: the index of each list in the set, and its number of parameters.
  std::vector<std::pair<std::size_t, ArgumentList>> argument_lists;
};

// Beside the declaration.
std::string function_stubs(const Callable& function, StubParts parts);

// At the end of the main file, in any order.
void write_function(const Callable& function, TextWriter& out);

// Shared with classes: the identity of any callable, and the statement that registers it.
void write_identity(const Callable& callable, TextWriter& out);
void write_registration(const Callable& callable, TextWriter& out);

}  // namespace ray::compiler
