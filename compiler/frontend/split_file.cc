#include "compiler/frontend/split_file.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

namespace ray::compiler {
namespace {

constexpr llvm::StringRef kRestSuffix = ".ray-rest";

}  // namespace

bool names_rest(llvm::StringRef path) { return path.ends_with(kRestSuffix); }

SplitFile split_file(std::string path, std::string text, bool has_head) {
  SplitFile result;
  result.split = has_head ? split_source(text) : SourceSplit{.rest_includes = true};
  const auto masked_head = [&] { return mask_options(text.substr(0, result.split.head_size)); };
  MaskedSource head = masked_head();
  if (head.is_annotated()) {
    // A macro that holds an attribute may be used by what the head includes.
    result.split = {};
    head = masked_head();
  }
  result.head = std::move(head.text);
  if (!result.head.empty() && result.head.back() != '\n') result.head += '\n';
  result.head += std::string("#pragma ") + kRestPragma + "\n";
  // The rest has an #endif of its own; this one is for when the guard keeps out all of it.
  if (result.split.is_guarded) result.head += "#endif\n";

  llvm::SmallString<256> rest(llvm::sys::path::parent_path(path));
  llvm::sys::path::append(rest, "." + llvm::sys::path::filename(path) + kRestSuffix);
  result.rest_path = rest.str().str();
  result.path = std::move(path);
  result.original = std::move(text);
  result.rest = mask_options(result.original_rest());
  return result;
}

}  // namespace ray::compiler
