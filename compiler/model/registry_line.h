// registry_line.h is the form in which an object file lists its remote functions and classes, for
// what reads it without running anything: `ray-cc --registry`, and workflows.
#pragma once

#include <cstddef>

namespace ray::compiler {

// The ELF section that holds the lines of all files, each with its newline and a zero byte.
inline constexpr char kRegistrySection[] = "ray_registry";

// The line of a callable has these columns, between tabs. People are shown the first
// kRegistryColumnsShown. A type has a line as well, of as many: "type", its name, its bases and
// fields, nothing, its place.
enum class RegistryColumn : std::size_t {
  kind,  // task, actor, method
  name,
  signature,
  options,
  place,  // file:line
  flag,   // "internal", "template", or nothing
  result_count,
  types,  // a column for each result; then for each parameter its type, its name and its default
};
inline constexpr std::size_t kRegistryColumnsShown = 5;

}  // namespace ray::compiler
