// MacroExpansions remembers what each macro has become where it was used: text that is written
// again elsewhere must not depend on a macro, which may be gone there or be another.
//
// Threading: one thread, that of the preprocessor.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Preprocessor.h"

namespace ray::compiler {

class MacroExpansions {
 public:
  // From now on. To be told of every token that the preprocessor gives out.
  void watch(clang::Preprocessor& preprocessor);
  void add(const clang::Token& token, const clang::Preprocessor& preprocessor);

  // The bytes [begin, end) of a file, with what the macros in it have become. Of the expansion that
  // gave the token at `first`, what is before it is left out; of the one of `last`, what is behind.
  std::string text(clang::FileID file, std::size_t begin, std::size_t end,
                   clang::SourceLocation first, clang::SourceLocation last,
                   const clang::SourceManager& sources) const;
  // Whether there are any.
  bool any(clang::FileID file, std::size_t begin, std::size_t end) const;

 private:
  friend class ExpansionCallbacks;
  struct Piece {
    clang::SourceLocation location;
    std::size_t begin = 0;  // in the expansion's text
  };
  struct Expansion {
    std::size_t end = 0;
    std::string text;  // the tokens, with a space between two
    std::vector<Piece> tokens;
  };
  static std::string part(const Expansion& expansion, clang::SourceLocation first,
                          clang::SourceLocation last);

  std::map<clang::FileID, std::map<std::size_t, Expansion>> files_;  // by where it begins
};

}  // namespace ray::compiler
