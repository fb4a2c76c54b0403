// RegistryWriter writes the list of a file's remote functions and classes, and of the types whose
// fields travel: for people on a terminal, and into the object file, where `ray-cc --registry`
// finds it without running anything and a program finds what it knows of its types (ray/internal/
// class_layout.h).
#pragma once

#include <string>

#include "compiler/codegen/text_writer.h"
#include "compiler/model/translation_unit.h"

namespace ray::compiler {

// The ELF section that holds the lines of all files, each with its newline and a zero byte.
inline constexpr char kRegistrySection[] = "ray_registry";

// One line for each callable: kind, name, signature, options and place, separated by tabs; and for
// each type: "type", name, bases and fields, nothing, place. `only_held`: without functions whose
// body no file that was read has. What a header holds, several objects list. A file without
// callables lists nothing.
std::string registry_text(const TranslationUnit& unit, bool only_held);

void write_registry(const TranslationUnit& unit, TextWriter& out);

}  // namespace ray::compiler
