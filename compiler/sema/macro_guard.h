// MacroGuard keeps the user's macros out of generated text: those that are defined where it stands
// and whose names occur in it are set aside around it.
#pragma once

#include <string>

#include "clang/Lex/Preprocessor.h"
#include "compiler/model/edit.h"

namespace ray::compiler {

class MacroGuard {
 public:
  explicit MacroGuard(clang::Preprocessor& preprocessor) : preprocessor_(preprocessor) {}

  // `edit` is generated text for the file that was opened as `path`.
  void protect(Edit& edit, const std::string& path);

 private:
  bool is_macro(const std::string& name, clang::SourceLocation place) const;

  clang::Preprocessor& preprocessor_;
};

}  // namespace ray::compiler
