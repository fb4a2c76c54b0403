// ClassWriter writes what an annotated class is given: method proxies at the top of its body, where
// a member of the class's own handle type finds them; overload sets and the static `remote` and
// `options` at its end, where the types of its parameters are declared.
#pragma once

#include <string>

#include "compiler/codegen/text_writer.h"
#include "compiler/model/translation_unit.h"

namespace ray::compiler {

std::string class_top(const RemoteClass& actor);
std::string class_bottom(const RemoteClass& actor);

// At the end of the main file.
void write_class(const RemoteClass& actor, TextWriter& out);

}  // namespace ray::compiler
