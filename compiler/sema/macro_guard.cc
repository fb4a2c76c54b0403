#include "compiler/sema/macro_guard.h"

#include <set>

#include "clang/Lex/MacroInfo.h"
#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {

bool MacroGuard::is_macro(const std::string& name, clang::SourceLocation place) const {
  const clang::IdentifierInfo* identifier = preprocessor_.getIdentifierInfo(name);
  if (!identifier->hadMacroDefinition()) return false;
  const clang::MacroInfo* macro =
      preprocessor_.getMacroDefinitionAtLoc(identifier, place).getMacroInfo();
  return macro != nullptr && !macro->isBuiltinMacro();
}

void MacroGuard::protect(Edit& edit, const std::string& path) {
  const clang::SourceManager& sources = preprocessor_.getSourceManager();
  const auto file = preprocessor_.getFileManager().getOptionalFileRef(path);
  const clang::FileID id = file ? sources.translateFile(*file) : clang::FileID();
  if (id.isInvalid()) return;
  const clang::SourceLocation place =
      sources.getLocForStartOfFile(id).getLocWithOffset(static_cast<int>(edit.offset));
  std::set<std::string> macros;
  for (const RawToken& token : raw_tokens(edit.text)) {
    if (token.kind == clang::tok::raw_identifier && is_macro(token.spelling, place)) {
      macros.insert(token.spelling);
    }
  }
  std::string before;
  std::string after;
  for (const std::string& name : macros) {
    before += "#pragma push_macro(\"" + name + "\")\n#undef " + name + "\n";
    after += "#pragma pop_macro(\"" + name + "\")\n";
  }
  edit.text = before + edit.text + after;
}

}  // namespace ray::compiler
