// binary_sections.h reads sections out of ELF files without running them.
//
// Limits: the file may be anything; a damaged one is an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ray::compiler::graph {

struct BinarySections {
  std::vector<std::string> contents;
  std::string error;  // empty: all was read
};

// The contents of every section called `name` in an executable, a shared library, an object file,
// or any of an archive's object files.
BinarySections read_sections(const std::string& path, std::string_view name);

// Whether some object file in it defines a symbol for others to see. False for what cannot be read.
bool defines_symbol(const std::string& path, std::string_view symbol);

// Whether a file that begins so can be one of these.
bool is_binary(std::string_view contents);

}  // namespace ray::compiler::graph
