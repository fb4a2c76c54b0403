// ray-graph: reads a task graph, from its text or out of a binary, verifies it, runs passes over
// it, and writes it down or draws it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "compiler/graph/binary_sections.h"
#include "compiler/graph/graph_drawing.h"
#include "compiler/graph/graph_parser.h"
#include "compiler/graph/graph_record.h"
#include "compiler/graph/graph_verifier.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/graph/passes/pass.h"

namespace {

namespace graph = ray::compiler::graph;

struct Options {
  std::string input;
  std::string output = "-";
  std::string format = "text";
  std::vector<std::string> passes;
  bool prints_after_each = false;
};

int fail(const std::string& message) {
  std::cerr << "ray-graph: error: " << message << '\n';
  return 1;
}

std::optional<std::string> read_file(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Says what is wrong; none then.
std::optional<graph::TaskGraph> read_graph(const std::string& path) {
  const std::optional<std::string> text = read_file(path);
  if (!text) {
    fail("cannot read '" + path + "'");
    return std::nullopt;
  }
  if (graph::is_binary(*text)) {
    graph::BinaryGraph binary = graph::read_binary_graph(path);
    if (binary.error.empty()) return std::move(binary.graph);
    fail(path + ": " + binary.error);
    return std::nullopt;
  }
  graph::ParsedGraph parsed = graph::parse_graph(*text);
  std::vector<graph::GraphError> errors = std::move(parsed.errors);
  if (errors.empty()) errors = graph::verify_graph(parsed);
  if (errors.empty()) return std::move(parsed.graph);
  std::cerr << graph::render_errors(path == "-" ? "<stdin>" : path, *text, errors);
  return std::nullopt;
}

const graph::Pass* find_pass(const std::string& name) {
  for (const graph::Pass& pass : graph::all_passes()) {
    if (pass.name == name) return &pass;
  }
  return nullptr;
}

// "all", or names; false where one is unknown.
bool run_passes(const Options& options, graph::TaskGraph& tasks) {
  std::vector<const graph::Pass*> passes;
  for (const std::string& name : options.passes) {
    if (name == "all") {
      for (const graph::Pass& pass : graph::all_passes()) passes.push_back(&pass);
    } else if (const graph::Pass* pass = find_pass(name)) {
      passes.push_back(pass);
    } else {
      fail("there is no pass '" + name + "'; --help lists them");
      return false;
    }
  }
  for (const graph::Pass* pass : passes) {
    pass->run(tasks);
    if (options.prints_after_each) {
      std::cerr << "// after " << pass->name << '\n' << graph::write_graph(tasks) << '\n';
    }
  }
  return true;
}

int write_output(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::cout << text << std::flush;
    return std::cout ? 0 : 1;
  }
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  return file ? 0 : fail("cannot write '" + path + "'");
}

// Through graphviz's own program, which is not always there.
int draw_svg(const std::string& path, const std::string& dot) {
  if (std::system("command -v dot >/dev/null 2>&1") != 0) {
    return fail(
        "drawing needs 'dot', which is not installed: 'apt-get install graphviz' does that; "
        "'--format=dot' writes what it would draw");
  }
  if (path != "-" && std::freopen(path.c_str(), "wb", stdout) == nullptr) {
    return fail("cannot write '" + path + "'");
  }
  FILE* pipe = ::popen("dot -Tsvg", "w");
  if (pipe == nullptr) return fail("cannot run 'dot'");
  const bool is_written = std::fwrite(dot.data(), 1, dot.size(), pipe) == dot.size();
  return ::pclose(pipe) == 0 && is_written ? 0 : fail("'dot' failed");
}

int run(const Options& options) {
  std::optional<graph::TaskGraph> tasks = read_graph(options.input);
  if (!tasks || !run_passes(options, *tasks)) return 1;
  if (options.format == "none") return 0;
  if (options.format == "svg") return draw_svg(options.output, graph::write_dot(*tasks));
  return write_output(options.output, options.format == "dot"    ? graph::write_dot(*tasks)
                                      : options.format == "json" ? graph::write_json(*tasks)
                                                                 : graph::write_graph(*tasks));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  std::string footer = "Passes:\n";
  for (const graph::Pass& pass : graph::all_passes()) {
    footer += "  " + std::string(pass.name) + std::string(10 - pass.name.size(), ' ') +
              std::string(pass.summary) + "\n";
  }
  CLI::App app("Reads, verifies, analyses and draws the task graph of a program.", "ray-graph");
  app.footer(footer);
  app.add_option("input", options.input,
                 "a graph's text, or a binary that ray-cc has made; '-': standard input")
      ->required();
  app.add_option("-o,--output", options.output, "where to write; standard output by default");
  app.add_option("-f,--format", options.format, "text, dot, json, svg, or none: only verify")
      ->check(CLI::IsMember({"text", "dot", "json", "svg", "none"}));
  app.add_option("--passes", options.passes, "passes to run, in that order, or 'all'")
      ->delimiter(',');
  app.add_flag("--print-after-each", options.prints_after_each,
               "print the graph to standard error after each pass");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
