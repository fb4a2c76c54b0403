// FunctionWriter writes what stands beside an annotated function or static member, and what stands
// for it at the end of the main file (README.md shows both).
#pragma once

#include <string>

#include "compiler/codegen/text_writer.h"
#include "compiler/model/callable.h"

namespace ray::compiler {

// What the first of a name in its scope brings with it.
struct StubParts {
  bool opens_set = false;         // for all of that name
  bool opens_chosen_set = false;  // for the templates of that name, by template arguments
};

// Beside the declaration.
std::string function_stubs(const Callable& function, StubParts parts);

// At the end of the main file, in any order.
void write_function(const Callable& function, TextWriter& out);

// Shared with classes: the identity of any callable, and the statement that registers it.
void write_identity(const Callable& callable, TextWriter& out);
void write_registration(const Callable& callable, TextWriter& out);

}  // namespace ray::compiler
