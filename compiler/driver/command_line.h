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
  std::vector<std::string> binaries;  // of --registry: read these, compile nothing
  bool reads_binaries = false;
  bool asks_for_help = false;
};

// `arguments` is argv after the expansion of response files. `saver` keeps new strings.
CommandLine parse_command_line(llvm::ArrayRef<const char*> arguments,
                               const std::string& library_dir, llvm::StringSaver& saver);

}  // namespace ray::compiler
