// MacroExpansions remembers what each macro has become where it was used: text that is written
// again elsewhere must not depend on a macro, which may be gone there or be another.
//
// Threading: one thread, that of the preprocessor.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Preprocessor.h"

namespace ray::compiler {

class MacroExpansions {
 public:
  // From now on. To be told of every token that the preprocessor gives out.
  void watch(clang::Preprocessor& preprocessor);
  void add(const clang::Token& token, const clang::Preprocessor& preprocessor);

  // The bytes [begin, end) of a file, with what the macros in it have become.
  std::string text(clang::FileID file, std::size_t begin, std::size_t end,
                   const clang::SourceManager& sources) const;
  // Whether there are any.
  bool any(clang::FileID file, std::size_t begin, std::size_t end) const;

 private:
  friend class ExpansionCallbacks;
  struct Expansion {
    std::size_t end = 0;
    std::string text;
  };
  std::map<clang::FileID, std::map<std::size_t, Expansion>> files_;  // by where it begins
};

}  // namespace ray::compiler
