// CommandLine splits ray-cc's arguments into those of our own and those for clang, and adds what a
// link with the runtime needs.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/two_pass_action.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/StringSaver.h"

namespace ray::compiler {

struct CommandLine {
  std::vector<const char*> clang;  // argv for clang's driver
  OutputMode mode = OutputMode::compile;
  std::string output;                 // where to print to; empty: standard output
  std::vector<std::string> binaries;  // of --registry: read these, compile nothing
  bool reads_binaries = false;
  bool links = false;  // an executable
  bool chooses_linker = false;
  bool asks_for_help = false;
};

// `arguments` is argv after the expansion of response files.
CommandLine parse_command_line(llvm::ArrayRef<const char*> arguments);

// Links the program with the runtime in `directory`, where there is one.
// `saver` keeps new strings.
void add_runtime(const std::string& directory, llvm::StringSaver& saver, CommandLine& line);

}  // namespace ray::compiler
