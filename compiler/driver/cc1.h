// Cc1 runs one `-cc1` command line in this process: for C++ sources in two passes, for anything
// else as clang does.
#pragma once

#include <map>
#include <string>

#include "compiler/driver/two_pass_action.h"
#include "llvm/ADT/ArrayRef.h"

namespace ray::compiler {

struct Cc1Options {
  OutputMode mode = OutputMode::compile;
  std::string include_dir;                   // of ray/ray.h; empty: none
  std::map<std::string, std::string> texts;  // read instead of the files of these names
};

// `arguments` is argv of a `-cc1` command, its program name included. Returns the exit status.
int run_cc1(llvm::ArrayRef<const char*> arguments, const Cc1Options& options);

}  // namespace ray::compiler
