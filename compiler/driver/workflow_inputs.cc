#include "compiler/driver/workflow_inputs.h"

#include <algorithm>
#include <set>
#include <vector>

#include "clang/Driver/Options.h"
#include "compiler/driver/registry_reader.h"
#include "compiler/graph/binary_sections.h"
#include "compiler/graph/graph_drawing.h"
#include "compiler/graph/graph_parser.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/workflow/workflow.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {
namespace {

bool is_workflow(llvm::StringRef path) { return path.ends_with(".ray"); }

bool fail(const llvm::Twine& message) {
  llvm::errs() << "ray-cc: error: " << message << "\n";
  return false;
}

// The inputs of one command line.
class Inputs {
 public:
  explicit Inputs(CommandLine& line) : line_(line) {
    unsigned missing_index = 0;
    unsigned missing_count = 0;
    const llvm::opt::InputArgList parsed = clang::driver::getDriverOptTable().ParseArgs(
        llvm::ArrayRef(line.clang).drop_front(), missing_index, missing_count,
        llvm::opt::Visibility(clang::driver::options::ClangOption));
    for (const llvm::opt::Arg* argument : parsed.filtered(clang::driver::options::OPT_INPUT)) {
      const std::string path = argument->getValue();
      if (is_workflow(path)) {
        workflows_.push_back(path);
      } else if (is_binary(path)) {
        binaries_.push_back(path);
      } else if (!llvm::sys::fs::exists(path)) {
        missing_ = path;
      }
      places_.emplace(argument->getIndex() + 1, path);
    }
  }

  bool has_workflow() const { return !workflows_.empty(); }

  bool read(WorkflowInputs& out) {
    if (workflows_.empty()) return true;  // an option's value was named so
    if (line_.links && workflows_.size() > 1) {
      return fail("'" + workflows_[0] + "' and '" + workflows_[1] +
                  "' are two workflows: each is a program of its own");
    }
    if (!missing_.empty()) return fail("no such file or directory: '" + missing_ + "'");
    if (!read_binaries()) return false;
    bool is_fine = true;
    for (const std::string& path : workflows_) is_fine &= read_workflow(path, out);
    if (is_fine) rewrite_command();
    return is_fine;
  }

 private:
  static bool is_binary(const std::string& path) {
    auto head = llvm::MemoryBuffer::getFileSlice(path, 8, 0);
    return head && graph::is_binary(std::string((*head)->getBuffer()));
  }

  bool read_binaries() {
    std::set<std::string> known;  // what a header holds, several object files list
    for (const std::string& path : binaries_) {
      if (line_.links && graph::defines_symbol(path, "main")) {
        return fail("'" + path + "' has a main() of its own, which a workflow takes the place of");
      }
      auto lines = read_registry(path);
      if (!lines) return fail(path + ": " + llvm::toString(lines.takeError()));
      for (const std::string& line : *lines) {
        if (line.starts_with("type\t") || !known.insert(line).second) continue;
        auto function = workflow::parse_registry_line(line);
        if (!function) {
          return fail(path + ": its registry is of another version: compile it anew");
        }
        functions_.push_back(std::move(*function));
        holders_.push_back(path);
      }
    }
    if (!functions_.empty()) return true;
    return fail(binaries_.empty() ? "a workflow needs the object files of what it calls: ray-cc " +
                                        workflows_.front() + " app.o -o flow"
                                  : "'" + binaries_.front() + "' holds no remote functions");
  }

  bool read_workflow(const std::string& path, WorkflowInputs& out) {
    const auto text = llvm::MemoryBuffer::getFile(path);
    if (!text) return fail("cannot read '" + path + "': " + text.getError().message());
    const std::string contents = (*text)->getBuffer().str();
    workflow::ReadWorkflow read = workflow::read_workflow(path, contents, functions_);
    if (!read.errors.empty()) {
      llvm::errs() << graph::render_errors(path, contents, read.errors);
      return false;
    }
    for (const workflow::LinkedFunction* function : read.workflow.linked) {
      if (function != nullptr) used_.insert(holders_[function - functions_.data()]);
    }
    switch (line_.mode) {
      case OutputMode::compile:
        out.programs[path] = workflow::write_program(read.workflow);
        return true;
      case OutputMode::rewrite:
        llvm::outs() << workflow::write_program(read.workflow);
        return true;
      case OutputMode::graph:
        llvm::outs() << graph::write_graph(read.workflow.graph);
        return true;
      case OutputMode::graph_dot:
        llvm::outs() << graph::write_dot(read.workflow.graph);
        return true;
      case OutputMode::graph_json:
        llvm::outs() << graph::write_json(read.workflow.graph);
        return true;
      case OutputMode::registry:
        break;
    }
    return fail("'" + path + "' is a workflow: it defines no remote functions");
  }

  bool is_dropped(const std::string& path) const { return !line_.links && is_read(path); }
  bool is_read(const std::string& path) const {
    return std::find(binaries_.begin(), binaries_.end(), path) != binaries_.end();
  }

  void rewrite_command() {
    std::vector<const char*> result;
    for (unsigned i = 0; i < line_.clang.size(); ++i) {
      const auto place = places_.find(i);
      if (place == places_.end()) {
        result.push_back(line_.clang[i]);
      } else if (is_workflow(place->second)) {
        result.insert(result.end(), {"-x", "c++", line_.clang[i]});
        const bool is_last = std::all_of(std::next(place), places_.end(), [this](const auto& next) {
          return is_dropped(next.second);
        });
        if (!is_last || line_.links) {
          result.insert(result.end(), {"-x", "none"});
        }
      } else if (!is_dropped(place->second)) {
        add_input(place->second, line_.clang[i], result);
      }
    }
    line_.clang = std::move(result);
  }

  // Nothing names what an archive's members define: without a word none would be linked.
  void add_input(llvm::StringRef path, const char* argument, std::vector<const char*>& out) const {
    const bool is_whole = path.ends_with(".a") && used_.count(path.str()) != 0;
    if (is_whole) out.push_back("-Wl,--whole-archive");
    out.push_back(argument);
    if (is_whole) out.push_back("-Wl,--no-whole-archive");
  }

  CommandLine& line_;
  std::vector<std::string> workflows_;
  std::vector<std::string> binaries_;
  std::string missing_;
  std::map<unsigned, std::string> places_;  // of all inputs in the command line
  std::vector<workflow::LinkedFunction> functions_;
  std::vector<std::string> holders_;  // of each function
  std::set<std::string> used_;
};

}  // namespace

bool names_workflow(llvm::ArrayRef<const char*> arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const char* argument) { return is_workflow(argument); });
}

WorkflowInputs read_workflow_inputs(CommandLine& line) {
  WorkflowInputs result;
  Inputs inputs(line);
  result.status = inputs.read(result) ? 0 : 1;
  result.is_done =
      result.status != 0 || (inputs.has_workflow() && line.mode != OutputMode::compile);
  return result;
}

}  // namespace ray::compiler
