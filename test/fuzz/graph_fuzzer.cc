// Any bytes as the text of a graph, and as the section of a binary: an error or a graph, and a
// graph that comes back the same, whatever passes and drawings make of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "compiler/graph/graph_drawing.h"
#include "compiler/graph/graph_linker.h"
#include "compiler/graph/graph_parser.h"
#include "compiler/graph/graph_record.h"
#include "compiler/graph/graph_verifier.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/graph/passes/pass.h"

namespace {

namespace graph = ray::compiler::graph;

void check(bool holds) {
  if (!holds) std::abort();
}

void check_text(std::string_view text) {
  graph::ParsedGraph parsed = graph::parse_graph(text);
  if (!parsed.errors.empty()) {
    check(!graph::render_errors("input", text, parsed.errors).empty());
    return;
  }
  const auto problems = graph::verify_graph(parsed);
  if (!problems.empty()) {
    check(!graph::render_errors("input", text, problems).empty());
    return;
  }
  check(graph::parse_graph(graph::write_graph(parsed.graph)).graph == parsed.graph);
  graph::run_all_passes(parsed.graph);
  check(graph::verify_graph(parsed.graph).empty());
  check(!graph::write_dot(parsed.graph).empty());
  check(!graph::write_json(parsed.graph).empty());
  check(graph::verify_graph(graph::link_graphs({parsed.graph, parsed.graph})).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_text(bytes);
  graph::read_graph_records(bytes);
  return 0;
}
