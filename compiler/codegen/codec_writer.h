// CodecWriter writes the list of a class's fields that the library's codecs read.
#pragma once

#include "compiler/codegen/text_writer.h"
#include "compiler/model/translation_unit.h"

namespace ray::compiler {

void write_codec(const Record& record, TextWriter& out);
// What a class's own cereal functions are given as its version.
void write_class_versions(const std::vector<std::string>& versions, TextWriter& out);

}  // namespace ray::compiler
