#include "compiler/sema/option_reader.h"

#include <algorithm>
#include <set>

#include "clang/Lex/MacroInfo.h"
#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

// The text after macro expansion, and for each of its bytes (and its end) where that came from.
struct ExpandedText {
  std::string text;
  std::vector<std::size_t> origins;

  void append(llvm::StringRef piece, std::size_t origin, bool is_verbatim) {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      origins.push_back(is_verbatim ? origin + i : origin);
    }
    text += piece;
  }
};

std::string definition(const clang::MacroInfo& macro, const clang::Preprocessor& preprocessor) {
  std::string result;
  for (const clang::Token& token : macro.tokens()) {
    if (token.hasLeadingSpace() && !result.empty()) result += ' ';
    result += preprocessor.getSpelling(token);
  }
  return result;
}

void expand(llvm::StringRef text, std::size_t origin, bool is_verbatim,
            clang::Preprocessor& preprocessor, std::set<std::string>& active, ExpandedText& out) {
  std::size_t done = 0;
  const std::string copy = text.str();
  for (const RawToken& token : raw_tokens(copy)) {
    if (token.kind != clang::tok::raw_identifier) continue;
    const clang::MacroInfo* macro =
        preprocessor.getMacroInfo(preprocessor.getIdentifierInfo(token.spelling));
    if (macro == nullptr || !macro->isObjectLike() || macro->isBuiltinMacro()) continue;
    if (!active.insert(token.spelling).second) continue;
    out.append(text.slice(done, token.offset), is_verbatim ? origin + done : origin, is_verbatim);
    expand(definition(*macro, preprocessor), is_verbatim ? origin + token.offset : origin, false,
           preprocessor, active, out);
    active.erase(token.spelling);
    done = token.end();
  }
  out.append(text.substr(done), is_verbatim ? origin + done : origin, is_verbatim);
}

}  // namespace

ParsedOptions read_options(const std::string& text, const SourcePlace& place, OptionTarget target,
                           clang::Preprocessor& preprocessor,
                           std::vector<Diagnostic>& diagnostics) {
  ExpandedText expanded;
  std::set<std::string> active;
  expand(text, 0, true, preprocessor, active, expanded);
  expanded.origins.push_back(text.size());

  ParsedOptions result = parse_options(expanded.text, target);
  for (const OptionError& error : result.errors) {
    const std::size_t last = expanded.origins.size() - 1;
    const std::size_t begin = expanded.origins[std::min(error.offset, last)];
    const std::size_t end = expanded.origins[std::min(error.offset + error.length, last)];
    Diagnostic diagnostic(error.kind);
    diagnostic.place = place;
    diagnostic.place.offset += begin;
    diagnostic.length = end > begin ? end - begin : 0;
    diagnostic.message = error.message;
    if (expanded.text == text) diagnostic.fixit = error.fixit;
    if (!error.note.empty()) diagnostic.notes.push_back({diagnostic.place, error.note});
    diagnostics.push_back(std::move(diagnostic));
  }
  return result;
}

}  // namespace ray::compiler
