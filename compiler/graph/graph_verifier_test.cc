#include "compiler/graph/graph_verifier.h"

#include <gtest/gtest.h>

namespace ray::compiler::graph {
namespace {

// What is said of `body`, without the lines of source.
std::string problems_of(const std::string& body) {
  const std::string text =
      "graph 1\ntask @f(\"int\") -> \"int\"\ntask @pair() -> \"int\", \"int\"\nactor @Counter()\n"
      "method @Counter::count() -> \"int\"\nfunction @helper(\"ref\")\nfunction @main() {\n" +
      body + "\n}\n";
  const ParsedGraph parsed = parse_graph(text);
  EXPECT_TRUE(parsed.errors.empty()) << render_errors("g", text, parsed.errors);
  std::string result;
  for (const GraphError& error : verify_graph(parsed)) {
    result += text.substr(error.span.offset, error.span.length) + ": " + error.message + "\n";
  }
  return result;
}

TEST(GraphVerifier, TakesWhatFits) {
  EXPECT_EQ(problems_of("%a = submit @f(1)\n%b, %c = submit @pair()\n%t = create @Counter()\n"
                        "%d = submit @Counter::count() on %t\n%e = call @helper(&[%a, %b])\n"
                        "%r, %s = wait [%a, %s]\nkill %t\nreturn %d\nsubmit ?(_, %a)"),
            "");
}

TEST(GraphVerifier, CallsFitTheirCallees) {
  EXPECT_EQ(problems_of("%a = submit @f()"), "@f: '@f' takes 1 argument; given 0\n");
  EXPECT_EQ(problems_of("%a = submit @Counter()"), "@Counter: '@Counter' is an actor\n");
  EXPECT_EQ(problems_of("%a = create @f(1)"), "@f: '@f' is a task\n");
  EXPECT_EQ(problems_of("submit @helper(_)"), "");
  EXPECT_EQ(problems_of("submit @Counter::count()"),
            "@Counter::count: '@Counter::count' is a method\n");
  EXPECT_EQ(problems_of("%t = create @Counter()\nsubmit @f(1) on %t"),
            "%t: '@f' is called on no actor\n");
  EXPECT_EQ(problems_of("%a = submit @pair()"), "submit: 'submit' gives 2 refs, not 1\n");
  EXPECT_EQ(problems_of("%a = get ?"), "get: 'get' gives nothing, not 1\n");
}

TEST(GraphVerifier, ActorsAndObjectsAreNotMixedUp) {
  EXPECT_EQ(problems_of("%t = create @Counter()\nget %t"), "%t: '%t' is an actor's handle\n");
  EXPECT_EQ(problems_of("%t = create @Counter()\nsubmit @f(%t)"),
            "%t: '%t' is an actor's handle\n");
  EXPECT_EQ(problems_of("%a = submit @f(1)\nkill %a"), "%a: '%a' is no actor\n");
  EXPECT_EQ(problems_of("%a = submit @f(1)\nsubmit @Counter::count() on {%a}"),
            "{%a}: '%a' is no actor\n");
}

TEST(GraphVerifier, AnExactRefHasBeenMade) {
  EXPECT_EQ(problems_of("get %a\n%a = submit @f(1)"), "%a: '%a' may not have been made here\n");
  EXPECT_EQ(problems_of("loop {\n%a = submit @f(1)\nget %a\n}\nget %a"),
            "%a: '%a' may not have been made here\n");
  EXPECT_EQ(problems_of("if {\n%a = submit @f(1)\n} else {\nget %a\n}"),
            "%a: '%a' may not have been made here\n");
  EXPECT_EQ(problems_of("%a = submit @f(1)\nloop {\nif {\n} else {\nget %a\n}\n}"), "");
  EXPECT_EQ(problems_of("loop {\n%a = submit @f(1)\n}\nget [%a]\nget {%a}"), "");
}

TEST(GraphVerifier, FactsAreKnown) {
  EXPECT_EQ(problems_of("%a = submit @f(1) !local !fan_out !fan_in=3 !chain=%a !unused"), "");
  EXPECT_EQ(problems_of("submit @f(1) !lokal"), "submit: there is no fact '!lokal'\n");
  EXPECT_EQ(problems_of("submit @f(1) !local=3"), "submit: '!local' is written alone\n");
  EXPECT_EQ(problems_of("submit @f(1) !chain"), "submit: '!chain' names a value: '!chain=%a'\n");
}

TEST(GraphVerifier, GraphsMadeByHandAreChecked) {
  TaskGraph graph;
  graph.functions.resize(2);
  graph.functions[0].symbol = graph.functions[1].symbol = "f";
  graph.functions[0].values = {"a"};
  graph.functions[1].has_body = true;
  graph.functions[1].values = {"a b"};
  graph.functions[1].parameters = {{"int", 7}};
  std::string messages;
  for (const GraphProblem& problem : verify_graph(graph)) messages += problem.message + "\n";
  EXPECT_EQ(messages,
            "a value is named and not defined\ntwo functions have this name\n'%a b' is no name\n"
            "a value is not defined once\na value is named and not defined\n");
}

}  // namespace
}  // namespace ray::compiler::graph
