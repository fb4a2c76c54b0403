// RegistryReader finds the lines that RegistryWriter has put into a binary, without running it.
#pragma once

#include <string>
#include <vector>

#include "llvm/Support/Error.h"

namespace ray::compiler {

// Whole lines without their newlines, sorted, each once.
llvm::Expected<std::vector<std::string>> read_registry(const std::string& path);

// The columns of a line that people are shown.
std::string shown_columns(const std::string& line);

}  // namespace ray::compiler
