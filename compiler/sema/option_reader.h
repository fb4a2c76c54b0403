// OptionReader turns the text of an annotation into the initialiser that generated code holds, and
// its errors into diagnostics at the user's tokens. Names of object-like macros are expanded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclBase.h"
#include "clang/Lex/Preprocessor.h"
#include "compiler/model/callable.h"
#include "compiler/model/diagnostic.h"
#include "compiler/options/option_parser.h"

namespace ray::compiler {

// Where names in options are looked up.
struct OptionScope {
  const clang::DeclContext& context;
  clang::ASTContext& ast;
  const Counts* groups;  // null: not known
};

// `text` begins at `place`. Errors are appended to `diagnostics`.
ParsedOptions read_options(const std::string& text, const SourcePlace& place, OptionTarget target,
                           const OptionScope& scope, clang::Preprocessor& preprocessor,
                           std::vector<Diagnostic>& diagnostics);

}  // namespace ray::compiler
