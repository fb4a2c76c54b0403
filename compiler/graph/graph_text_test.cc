#include <gtest/gtest.h>

#include <random>

#include "compiler/graph/graph_parser.h"
#include "compiler/graph/graph_verifier.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/graph/random_graph.h"

namespace ray::compiler::graph {
namespace {

std::string errors_of(std::string_view text) {
  ParsedGraph parsed = parse_graph(text);
  std::vector<GraphError> errors = std::move(parsed.errors);
  if (errors.empty()) errors = verify_graph(parsed);
  return render_errors("g", text, errors);
}

TEST(GraphText, ComesBackTheSame) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TaskGraph graph = random_graph(seed);
    ASSERT_TRUE(verify_graph(graph).empty()) << verify_graph(graph).front().message;
    const std::string text = write_graph(graph);
    const ParsedGraph parsed = parse_graph(text);
    ASSERT_EQ(render_errors("g", text, parsed.errors), "") << text;
    ASSERT_TRUE(parsed.graph == graph) << text << "\nbecame\n" << write_graph(parsed.graph);
    ASSERT_EQ(write_graph(parsed.graph), text);
  }
}

// Any bytes give a graph or an error, and what gives a graph can be verified and written.
TEST(GraphText, IsNeverTrusted) {
  std::mt19937 random(1);
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::string text = write_graph(random_graph(seed));
    for (int change = 0; change < 4; ++change) {
      if (text.empty()) break;
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, random() % 8 + 1);
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 16));
          break;
        default:
          text.resize(at + 1);
      }
    }
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
    const ParsedGraph parsed = parse_graph(text);
    if (parsed.errors.empty() && verify_graph(parsed).empty()) {
      EXPECT_TRUE(parse_graph(write_graph(parsed.graph)).graph == parsed.graph);
    } else {
      EXPECT_NE(errors_of(text), "");
    }
  }
}

TEST(GraphText, MayHoldCommentsAndAnyLayout) {
  const ParsedGraph parsed = parse_graph(
      "graph 1 // of what\nfunction @main() {%a=submit @f(3) get{ %a ,\n?}}task @f(\"int\")");
  ASSERT_TRUE(parsed.errors.empty());
  EXPECT_EQ(write_graph(parsed.graph),
            "graph 1\n\nfunction @main() {\n  %a = submit @f(3)\n  get {%a, ?}\n}\n\n"
            "task @f(\"int\")\n");
}

TEST(GraphText, SyntaxErrorsSayWhatIsExpected) {
  EXPECT_EQ(errors_of(""), "g:1:1: error: expected 'graph'\n\n^\n");
  EXPECT_EQ(errors_of("graph 1\ntask f()\n"),
            "g:2:6: error: expected a name such as '@f', not 'f'\ntask f()\n     ^\n");
  EXPECT_EQ(errors_of("graph 1\nfunction @main() {\n  fetch %a\n}\n"),
            "g:3:3: error: expected an operation such as '%a = submit @f()', or '}', not 'fetch'\n"
            "  fetch %a\n  ^~~~~\n");
  EXPECT_EQ(errors_of("graph 1\nfunction @main() {\n  get\n}\n"),
            "g:4:1: error: expected refs such as '%a', '{%a, %b}' or '[%a]', not '}'\n}\n^\n");
  EXPECT_EQ(errors_of("graph 1 \"a\n"),
            "g:1:9: error: missing terminating '\"' character\ngraph 1 \"a\n        ^\n");
}

TEST(GraphText, NamesAreLookedUp) {
  EXPECT_EQ(errors_of("graph 2\n"),
            "g:1:7: error: this is version 2 of the form; version 1 is understood\n"
            "graph 2\n      ^\n");
  EXPECT_EQ(errors_of("graph 1\ntask @square(\"int\")\nfunction @main() {\n"
                      "  %a = submit @squar(1)\n}\n"),
            "g:4:15: error: there is no function '@squar'; did you mean 'square'?\n"
            "  %a = submit @squar(1)\n              ^~~~~~\n");
  EXPECT_EQ(errors_of("graph 1\ntask @f()\ntask @f()\n"),
            "g:3:6: error: '@f' is declared already\ntask @f()\n     ^~\n"
            "g:3:6: note: overloads are told apart by a suffix: '@f#2'\n");
  EXPECT_EQ(errors_of("graph 1\ntask @f()\nfunction @main() {\n  %a = submit @f()\n"
                      "  %a = submit @f()\n  get %left\n}\n"),
            "g:5:3: error: '%a' is defined already\n  %a = submit @f()\n  ^~\n"
            "g:5:3: note: each value is defined once: choose another name\n"
            "g:6:7: error: no operation here defines '%left'\n  get %left\n      ^~~~~\n");
}

TEST(GraphText, NestingAndSizeAreBounded) {
  std::string deep = "graph 1\nfunction @main() {\n";
  for (int i = 0; i < 100; ++i) deep += "loop {\n";
  EXPECT_NE(errors_of(deep).find("blocks are nested too deeply"), std::string::npos);
  EXPECT_NE(errors_of(std::string((16 << 20) + 1, ' ')).find("longer than 16 MiB"),
            std::string::npos);
}

}  // namespace
}  // namespace ray::compiler::graph
