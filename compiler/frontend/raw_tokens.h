// RawTokens is a file cut into tokens without preprocessing, for what has to be decided before, or
// beside, the parser: where options stand, where headers end, where calls are.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "clang/Basic/TokenKinds.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

struct RawToken {
  clang::tok::TokenKind kind = clang::tok::eof;
  std::size_t offset = 0;
  std::size_t length = 0;
  bool starts_line = false;
  std::string spelling;  // of identifiers, without line splices

  std::size_t end() const { return offset + length; }
  bool is_word(llvm::StringRef word) const {
    return kind == clang::tok::raw_identifier && spelling == word;
  }
  // Brackets, but for angles.
  bool opens() const {
    return kind == clang::tok::l_paren || kind == clang::tok::l_square ||
           kind == clang::tok::l_brace;
  }
  bool closes() const {
    return kind == clang::tok::r_paren || kind == clang::tok::r_square ||
           kind == clang::tok::r_brace;
  }
};

// All tokens of C++20 in `text`, the last one being eof. `text` must be followed by a zero byte.
std::vector<RawToken> raw_tokens(llvm::StringRef text);

}  // namespace ray::compiler
