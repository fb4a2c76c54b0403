#include "compiler/frontend/raw_tokens.h"

#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"

namespace ray::compiler {
namespace {

clang::LangOptions cxx20() {
  clang::LangOptions options;
  options.CPlusPlus = options.CPlusPlus11 = options.CPlusPlus14 = true;
  options.CPlusPlus17 = options.CPlusPlus20 = true;
  options.Digraphs = options.RawStringLiterals = options.LineComment = true;
  options.DollarIdents = options.Bool = true;
  return options;
}

std::string without_splices(llvm::StringRef text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\n' || text[i + 1] == '\r')) {
      i += text.substr(i + 1).starts_with("\r\n") ? 2 : 1;
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace

std::vector<RawToken> raw_tokens(llvm::StringRef text) {
  static const clang::LangOptions options = cxx20();
  std::vector<RawToken> result;
  const auto start = clang::SourceLocation::getFromRawEncoding(1);
  clang::Lexer lexer(start, options, text.begin(), text.begin(), text.end());
  clang::Token token;
  do {
    lexer.LexFromRawLexer(token);
    RawToken raw;
    raw.kind = token.getKind();
    raw.offset = token.getLocation().getRawEncoding() - start.getRawEncoding();
    raw.length = token.getLength();
    raw.starts_line = token.isAtStartOfLine();
    if (raw.kind == clang::tok::raw_identifier) {
      raw.spelling = without_splices(text.substr(raw.offset, raw.length));
    }
    result.push_back(std::move(raw));
  } while (token.isNot(clang::tok::eof));
  return result;
}

}  // namespace ray::compiler
