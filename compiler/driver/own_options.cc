#include "compiler/driver/own_options.h"

namespace ray::compiler {
namespace {

struct ModeOption {
  llvm::StringRef spelling;
  OutputMode mode;
};
constexpr ModeOption kModes[] = {
    {"--rewrite", OutputMode::rewrite},
    {"--emit-registry", OutputMode::registry},
    {"--emit-graph", OutputMode::graph},
    {"--emit-graph=dot", OutputMode::graph_dot},
    {"--emit-graph=json", OutputMode::graph_json},
};

constexpr char kHelp[] = R"(OVERVIEW: clang++ that understands [[ray::remote]]

USAGE: ray-cc [options] file...
       ray-cc [options] workflow.ray object-file...
       ray-cc --registry binary...

OPTIONS OF RAY-CC:
  --rewrite               Print the C++ that would be compiled, with stubs and codecs, and stop
  --emit-registry         Print the remote functions and classes of a source file, and stop
  --emit-graph[=dot|json] Print the task graph of a source file, and stop
  --registry <binary>...  Print what programs, libraries and object files hold: their remote
                          functions and classes, and their task graph
  --instead-of <compiler> As the first argument: the rest is a command line for <compiler>, which is
                          not run (for launchers of build systems)
  -W[no-]ray-<name>       Switch a warning of ray-cc; -Werror=ray-<name> makes it an error
  --help                  Print this, then clang's options

Everything else is clang++'s: -o says where to print to, as where to compile to. C++20 is the default
standard, programs are linked with the runtime.

)";

}  // namespace

std::optional<OutputMode> output_mode(llvm::StringRef argument) {
  for (const ModeOption& option : kModes) {
    if (option.spelling == argument) return option.mode;
  }
  return std::nullopt;
}

std::string own_help() { return kHelp; }

}  // namespace ray::compiler
