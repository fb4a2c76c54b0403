#include "compiler/sema/include_directives.h"

#include <utility>

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace ray::compiler {
namespace {

std::string whole_path(llvm::StringRef path) {
  llvm::SmallString<256> result(path);
  llvm::sys::fs::make_absolute(result);
  llvm::sys::path::remove_dots(result, true);
  return result.str().str();
}

}  // namespace

void IncludeDirectives::InclusionDirective(clang::SourceLocation hash, const clang::Token&,
                                           llvm::StringRef, bool is_angled,
                                           clang::CharSourceRange range,
                                           clang::OptionalFileEntryRef file, llvm::StringRef,
                                           llvm::StringRef, const clang::Module*, bool,
                                           clang::SrcMgr::CharacteristicKind) {
  if (!file || !hash.isFileID() || !range.getEnd().isFileID()) return;
  const auto [from, offset] = sources_.getDecomposedLoc(hash);
  const auto entry = sources_.getFileEntryRefForID(from);
  if (!entry || sources_.isInSystemHeader(hash)) return;
  directives_[entry->getName().str()].push_back({offset, sources_.getFileOffset(range.getEnd()),
                                                 file->getName().str(),
                                                 !is_angled && file->getDir() == entry->getDir()});
}

void IncludeDirectives::replace(std::map<std::string, std::vector<Edit>>& edits) const {
  // From file to file, until no other one leads there.
  for (std::size_t known = 0; known != edits.size();) {
    known = edits.size();
    for (const auto& [path, directives] : directives_) {
      for (const Directive& directive : directives) {
        if (edits.count(directive.included) != 0) edits[path];
      }
    }
  }
  for (auto& [path, list] : edits) {
    const auto found = directives_.find(path);
    if (found == directives_.end()) continue;
    for (const Directive& directive : found->second) {
      const bool is_inlined = edits.count(directive.included) != 0;
      if (!is_inlined && !directive.is_found_beside) continue;
      Edit edit;
      edit.offset = directive.begin;
      edit.length = directive.end - directive.begin;
      edit.text = is_inlined ? kIncludePragma + directive.included
                             : "#include \"" + whole_path(directive.included) + '"';
      list.push_back(std::move(edit));
    }
  }
}

}  // namespace ray::compiler
