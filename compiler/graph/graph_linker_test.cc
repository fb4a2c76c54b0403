#include "compiler/graph/graph_linker.h"

#include <gtest/gtest.h>

#include "compiler/graph/graph_parser.h"
#include "compiler/graph/graph_verifier.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/graph/random_graph.h"

namespace ray::compiler::graph {
namespace {

TaskGraph parsed(std::string_view text) {
  ParsedGraph result = parse_graph(text);
  EXPECT_EQ(render_errors("g", text, result.errors), "");
  return std::move(result.graph);
}

TEST(GraphLinker, ADeclarationMeetsItsDefinition) {
  const std::string first =
      "graph 1 \"a.cc\"\nfunction @main() at 9:5 {\n  %a = submit @f(1)\n  get %a\n}\n"
      "task @f(\"int\") at \"f.h\" 3:5\n";
  const std::string second =
      "graph 1 \"f.cc\"\ntask @g()\ntask @f(\"int\") at \"f.h\" 3:5 {\n  submit @g()\n}\n";
  EXPECT_EQ(write_graph(link_graphs({parsed(first), parsed(second)})),
            "graph 1\n\n"
            "function @main() at \"a.cc\" 9:5 {\n  %a = submit @f(1)\n  get %a\n}\n\n"
            "task @f(\"int\") at \"f.h\" 3:5 {\n  submit @g()\n}\n\ntask @g()\n");
}

TEST(GraphLinker, WhatIsInternalKeepsApartAndOverloadsKeepTheirNumbers) {
  const std::string first =
      "graph 1\ninternal task @f()\ntask @n(\"int\")\ntask @n#2(\"double\")\n";
  const std::string second =
      "graph 1\ntask @n(\"double\")\ninternal task @f()\nfunction @main() {\n  submit @f()\n"
      "  submit @n(_)\n}\n";
  EXPECT_EQ(write_graph(link_graphs({parsed(first), parsed(second)})),
            "graph 1\n\ninternal task @f()\ntask @n(\"int\")\ntask @n#2(\"double\")\n"
            "internal task @f#2()\n\nfunction @main() {\n  submit @f#2()\n  submit @n#2(_)\n}\n");
}

TEST(GraphLinker, AnyGraphsMakeOneWithoutProblems) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TaskGraph linked =
        link_graphs({random_graph(seed), random_graph(seed), random_graph(seed + 1)});
    const std::vector<GraphProblem> problems = verify_graph(linked);
    EXPECT_TRUE(problems.empty()) << problems.front().message;
    EXPECT_TRUE(parse_graph(write_graph(linked)).graph == linked);
  }
}

}  // namespace
}  // namespace ray::compiler::graph
