// FunctionWriter writes what stands beside an annotated function or static member, and what stands
// for it at the end of the main file (README.md shows both).
#pragma once

#include <string>

#include "compiler/codegen/text_writer.h"
#include "compiler/model/callable.h"

namespace ray::compiler {

// Beside the declaration; `opens_set` for the first of its name in its scope.
std::string function_stubs(const Callable& function, bool opens_set);

// At the end of the main file, in any order.
void write_function(const Callable& function, TextWriter& out);

// Shared with classes: the identity of any callable, and the statement that registers it.
void write_identity(const Callable& callable, TextWriter& out);
void write_registration(const Callable& callable, TextWriter& out);

}  // namespace ray::compiler
