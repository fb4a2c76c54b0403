// MemberSpelling is `f.member` as the user has written it, f being any expression, in a macro too.
#pragma once

#include <optional>
#include <string>

#include "clang/Basic/SourceManager.h"

namespace ray::compiler {

struct MemberOfFunction {
  std::string function;
  std::string written;  // the same, or the parameter of a macro that stands for it
  std::string member;
  bool is_call = false;
};

// Of the `f` at `base`; nothing where no member follows it.
std::optional<MemberOfFunction> member_at(clang::SourceRange base,
                                          const clang::SourceManager& sources);

bool is_qualified_name(llvm::StringRef text);  // "f", "a::f"

}  // namespace ray::compiler
