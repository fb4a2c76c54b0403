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

// Whether a file that begins so can be one of these.
bool is_binary(std::string_view contents);

}  // namespace ray::compiler::graph
