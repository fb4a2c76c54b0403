// SplitFile is a file as clang opens it while the two passes are still one: the head with a pragma
// at its end, which the rest follows from a file of its own.
#pragma once

#include <string>

#include "compiler/frontend/option_mask.h"
#include "compiler/frontend/source_split.h"

namespace ray::compiler {

inline constexpr char kRestPragma[] = "ray_rest";

struct SplitFile {
  std::string path;       // as it was opened
  std::string rest_path;  // a name for the rest, in the same directory
  std::string original;   // what stands on disk
  std::string head;       // what is read under `path`
  MaskedSource rest;
  SourceSplit split;

  std::string original_head() const { return original.substr(0, split.head_size); }
  std::string original_rest() const { return original.substr(split.head_size); }
};

// Whether `path` is such a name.
bool names_rest(llvm::StringRef path);

// Where it is to have no head, everything is rest.
SplitFile split_file(std::string path, std::string text, bool has_head = true);

}  // namespace ray::compiler
