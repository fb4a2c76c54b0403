// GraphRecord is the form in which a task graph stands in an object file: in the ELF section
// "ray_graph", one record for each source file, its facts included.
//
//   "RAYG"  u32 version  u32 size of the text   the text        (numbers little-endian)
//
// Records may have zero bytes between them, which a linker puts there to align.
// Limits: what is read comes from a file that anybody may have written: it is bounds-checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

inline constexpr char kGraphSection[] = "ray_graph";

std::string write_graph_record(std::string_view text);

struct GraphRecords {
  std::vector<std::string> texts;
  std::string error;  // empty: all was read
};
GraphRecords read_graph_records(std::string_view section);

// The graphs of all source files that a binary (binary_sections.h) was made of, as one. `error`
// says why there is none.
struct BinaryGraph {
  TaskGraph graph;
  std::string error;
};
BinaryGraph read_binary_graph(const std::string& path);

}  // namespace ray::compiler::graph
