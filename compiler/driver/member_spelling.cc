#include "compiler/driver/member_spelling.h"

#include "clang/Basic/CharInfo.h"
#include "clang/Lex/Lexer.h"

namespace ray::compiler {
namespace {

// Where `place` is spelled; of a macro's argument, where its parameter is.
clang::SourceLocation spelled_at(clang::SourceLocation place, const clang::SourceManager& sources) {
  while (sources.isMacroArgExpansion(place)) {
    place = sources.getImmediateExpansionRange(place).getBegin();
  }
  return sources.getSpellingLoc(place);
}

bool is_of_qualified_name(char c) { return clang::isAsciiIdentifierContinue(c) || c == ':'; }

// The name that a macro was given for its parameter at `place` of the expansion; "" where no
// parameter stands there.
llvm::StringRef argument_at(clang::SourceLocation place, const clang::SourceManager& sources) {
  for (unsigned i = 1; i < sources.local_sloc_entry_size(); ++i) {
    const clang::SrcMgr::SLocEntry& entry = sources.getLocalSLocEntry(i);
    if (!entry.isExpansion() || !entry.getExpansion().isMacroArgExpansion()) continue;
    if (entry.getExpansion().getExpansionLocStart() != place) continue;
    const clang::SourceLocation given =
        sources.getSpellingLoc(entry.getExpansion().getSpellingLoc());
    return llvm::StringRef(sources.getCharacterData(given)).take_while(is_of_qualified_name);
  }
  return "";
}

}  // namespace

std::optional<MemberOfFunction> member_at(clang::SourceRange base,
                                          const clang::SourceManager& sources) {
  const clang::LangOptions language;
  if (base.isInvalid()) return std::nullopt;
  const auto text = [&](clang::SourceLocation begin, clang::SourceLocation end) {
    return clang::Lexer::getSourceText(clang::CharSourceRange::getTokenRange(begin, end), sources,
                                       language);
  };
  const bool is_argument = sources.isMacroArgExpansion(base.getEnd());
  const clang::SourceLocation begin = spelled_at(base.getBegin(), sources);
  const clang::SourceLocation end = spelled_at(base.getEnd(), sources);
  llvm::StringRef written = text(begin, end);
  llvm::StringRef function = is_argument ? text(base.getBegin(), base.getEnd()) : written;
  const bool is_in_macro = base.getEnd().isMacroID() && !is_argument;
  while (function.starts_with("(") && function.ends_with(")")) {
    function = function.drop_front().drop_back().trim();
  }
  if (!is_argument) {
    const auto offset = static_cast<int>(function.data() - written.data());
    written = function;
    if (is_in_macro && offset > 0) {
      const auto given = argument_at(base.getBegin().getLocWithOffset(offset), sources);
      if (!given.empty()) function = given;
    }
  }
  const auto after = [&](clang::SourceLocation place) {
    return clang::Lexer::findNextToken(place, sources, language);
  };
  const auto joint = after(end);
  if (!joint || !joint->isOneOf(clang::tok::period, clang::tok::arrow)) return std::nullopt;
  const auto member = after(joint->getLocation());
  if (!member || !member->is(clang::tok::raw_identifier)) return std::nullopt;
  const auto next = after(member->getLocation());
  return MemberOfFunction{function.str(), written.str(), member->getRawIdentifier().str(),
                          next && next->is(clang::tok::l_paren)};
}

bool is_qualified_name(llvm::StringRef text) {
  return !text.empty() && llvm::all_of(text, is_of_qualified_name);
}

}  // namespace ray::compiler
