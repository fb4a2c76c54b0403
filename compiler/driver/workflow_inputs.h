// WorkflowInputs makes C++ of the workflow files (docs/workflows.md) among a command line's inputs,
// checked against the object files, archives and libraries that stand beside them.
#pragma once

#include <map>
#include <string>

#include "compiler/driver/command_line.h"
#include "llvm/ADT/ArrayRef.h"

namespace ray::compiler {

// What to compile instead of the file of that name.
using SourceTexts = std::map<std::string, std::string>;

// Whether anything is to be done.
bool names_workflow(llvm::ArrayRef<const char*> arguments);

struct WorkflowInputs {
  SourceTexts programs;
  bool is_done = false;  // nothing is left to compile: it was printed, or errors were
  int status = 0;
};

// Changes `line` so that clang compiles the programs.
WorkflowInputs read_workflow_inputs(CommandLine& line);

}  // namespace ray::compiler
