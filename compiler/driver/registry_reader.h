// RegistryReader finds the lines that registry_writer.h has put into a binary, without running it.
#pragma once

#include <string>

#include "llvm/Support/Error.h"

namespace ray::compiler {

// Sorted, each line once.
llvm::Expected<std::string> read_registry(const std::string& path);

}  // namespace ray::compiler
