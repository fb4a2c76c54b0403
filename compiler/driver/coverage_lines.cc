#include "compiler/driver/coverage_lines.h"

#include <string>
#include <vector>

namespace ray::compiler {

void CoverageLines::FileChanged(clang::SourceLocation place, FileChangeReason reason,
                                clang::SrcMgr::CharacteristicKind, clang::FileID) {
  if (reason != EnterFile) return;
  const clang::FileID file = sources_.getFileID(place);
  const auto entry = sources_.getFileEntryRefForID(file);
  if (!entry) return;
  const std::vector<unsigned> starts = map_.line_starts(entry->getName().str());
  if (starts.empty()) return;
  const clang::SrcMgr::ContentCache& content =
      sources_.getSLocEntry(file).getFile().getContentCache();
  content.SourceLineCache = clang::SrcMgr::LineOffsetMapping(starts, memory_);
}

void CoverageLines::PragmaDiagnosticPush(clang::SourceLocation place, llvm::StringRef) {
  set_kind(place, clang::SrcMgr::C_System);
}

void CoverageLines::PragmaDiagnosticPop(clang::SourceLocation place, llvm::StringRef) {
  const clang::FileID file = sources_.getFileID(place);
  set_kind(place, sources_.getSLocEntry(file).getFile().getFileCharacteristic());
}

void CoverageLines::set_kind(clang::SourceLocation place, clang::SrcMgr::CharacteristicKind kind) {
  if (!map_.is_generated(place)) return;
  sources_.AddLineNote(place, sources_.getPresumedLineNumber(place) + 1, -1, false, false, kind);
}

}  // namespace ray::compiler
