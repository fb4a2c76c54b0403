// RegistryWriter writes the list of a file's remote functions and classes, and of the types whose
// fields travel: for people on a terminal, and into the object file, where `ray-cc --registry` and
// workflows find it without running anything and a program finds what it knows of its types
// (ray/internal/class_layout.h).
#pragma once

#include <string>

#include "compiler/codegen/text_writer.h"
#include "compiler/model/registry_line.h"
#include "compiler/model/translation_unit.h"

namespace ray::compiler {

// What people are shown of each callable, declared or defined, and of each type. A file without
// callables lists nothing.
std::string registry_text(const TranslationUnit& unit);

// The lines of what has a body in some file that was read: what a header holds, several objects
// list.
void write_registry(const TranslationUnit& unit, TextWriter& out);

}  // namespace ray::compiler
