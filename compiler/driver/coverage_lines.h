// CoverageLines makes -fcoverage-mapping count what the user wrote. A coverage mapping knows no
// #line, only the lines of what was read: those get the numbers that they have on disk. What is
// generated counts as a system header, which is not mapped.
//
// Threading: one thread. Ownership: references the map, owned by the preprocessor.
#pragma once

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/PPCallbacks.h"
#include "compiler/driver/source_map.h"
#include "llvm/Support/Allocator.h"

namespace ray::compiler {

class CoverageLines : public clang::PPCallbacks {
 public:
  CoverageLines(clang::SourceManager& sources, const SourceMap& map)
      : sources_(sources), map_(map) {}

  void FileChanged(clang::SourceLocation place, FileChangeReason reason,
                   clang::SrcMgr::CharacteristicKind kind, clang::FileID previous) override;
  // Generated text stands between these two.
  void PragmaDiagnosticPush(clang::SourceLocation place, llvm::StringRef space) override;
  void PragmaDiagnosticPop(clang::SourceLocation place, llvm::StringRef space) override;

 private:
  void set_kind(clang::SourceLocation place, clang::SrcMgr::CharacteristicKind kind);

  clang::SourceManager& sources_;
  const SourceMap& map_;
  llvm::BumpPtrAllocator memory_;  // of the numbers
};

}  // namespace ray::compiler
