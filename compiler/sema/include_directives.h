// IncludeDirectives records which #include of which file leads where, so that the text of what is
// included can stand in its place.
//
// Threading: one thread. Ownership: owned by the preprocessor.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/PPCallbacks.h"
#include "compiler/model/edit.h"

namespace ray::compiler {

// What stands there instead: `#pragma ray_include path`.
inline constexpr char kIncludePragma[] = "#pragma ray_include ";

class IncludeDirectives : public clang::PPCallbacks {
 public:
  explicit IncludeDirectives(const clang::SourceManager& sources) : sources_(sources) {}

  void InclusionDirective(clang::SourceLocation hash, const clang::Token& include,
                          llvm::StringRef name, bool is_angled, clang::CharSourceRange range,
                          clang::OptionalFileEntryRef file, llvm::StringRef search_path,
                          llvm::StringRef relative_path, const clang::Module* suggested,
                          bool is_imported, clang::SrcMgr::CharacteristicKind kind) override;

  // Replaces those that lead, over other files too, to one that has edits, and gives the others in
  // files with edits a whole path where they need it. Files that get their first edit here are
  // among those.
  void replace(std::map<std::string, std::vector<Edit>>& edits) const;

 private:
  struct Directive {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string included;
    bool is_found_beside = false;  // by the directory of its file
  };

  const clang::SourceManager& sources_;
  std::map<std::string, std::vector<Directive>> directives_;  // by the path of their file
};

}  // namespace ray::compiler
