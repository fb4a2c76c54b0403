#include "compiler/frontend/macro_expansions.h"

#include <memory>

#include "clang/Lex/Lexer.h"
#include "clang/Lex/PPCallbacks.h"

namespace ray::compiler {

class ExpansionCallbacks : public clang::PPCallbacks {
 public:
  ExpansionCallbacks(MacroExpansions& expansions, clang::Preprocessor& preprocessor)
      : expansions_(expansions), preprocessor_(preprocessor) {}

  void MacroExpands(const clang::Token& name, const clang::MacroDefinition&,
                    clang::SourceRange range, const clang::MacroArgs*) override {
    if (!name.getLocation().isFileID() || !range.getEnd().isFileID()) return;
    const clang::SourceManager& sources = preprocessor_.getSourceManager();
    const auto [file, begin] = sources.getDecomposedLoc(range.getBegin());
    const auto [end_file, end] = sources.getDecomposedLoc(range.getEnd());
    if (file != end_file) return;
    const unsigned last =
        clang::Lexer::MeasureTokenLength(range.getEnd(), sources, preprocessor_.getLangOpts());
    expansions_.files_[file].try_emplace(begin, MacroExpansions::Expansion{end + last, "", {}});
  }

 private:
  MacroExpansions& expansions_;
  clang::Preprocessor& preprocessor_;
};

void MacroExpansions::watch(clang::Preprocessor& preprocessor) {
  preprocessor.addPPCallbacks(std::make_unique<ExpansionCallbacks>(*this, preprocessor));
}

void MacroExpansions::add(const clang::Token& token, const clang::Preprocessor& preprocessor) {
  if (!token.getLocation().isMacroID() || token.isAnnotation()) return;
  const clang::SourceManager& sources = preprocessor.getSourceManager();
  const auto [file, begin] = sources.getDecomposedLoc(sources.getExpansionLoc(token.getLocation()));
  const auto found = files_.find(file);
  if (found == files_.end()) return;
  const auto expansion = found->second.find(begin);
  if (expansion == found->second.end()) return;
  std::string& text = expansion->second.text;
  if (!text.empty()) text += ' ';
  expansion->second.tokens.push_back({token.getLocation(), text.size()});
  text += preprocessor.getSpelling(token);
}

bool MacroExpansions::any(clang::FileID file, std::size_t begin, std::size_t end) const {
  const auto found = files_.find(file);
  if (found == files_.end()) return false;
  const auto first = found->second.lower_bound(begin);
  return first != found->second.end() && first->first < end;
}

std::string MacroExpansions::part(const Expansion& expansion, clang::SourceLocation first,
                                  clang::SourceLocation last) {
  std::size_t begin = 0;
  std::size_t end = expansion.text.size();
  for (std::size_t i = 0; i < expansion.tokens.size(); ++i) {
    const Piece& token = expansion.tokens[i];
    if (token.location == first) begin = token.begin;
    if (token.location == last && i + 1 < expansion.tokens.size()) {
      end = expansion.tokens[i + 1].begin - 1;
    }
  }
  return expansion.text.substr(begin, end - begin);
}

std::string MacroExpansions::text(clang::FileID file, std::size_t begin, std::size_t end,
                                  clang::SourceLocation first, clang::SourceLocation last,
                                  const clang::SourceManager& sources) const {
  const llvm::StringRef all = sources.getBufferData(file);
  if (!any(file, begin, end)) return all.slice(begin, end).str();
  std::string result;
  const auto& expansions = files_.find(file)->second;
  for (auto next = expansions.lower_bound(begin); next != expansions.end() && next->first < end;
       ++next) {
    if (next->first < begin) continue;  // used in the arguments of the one before
    result += all.slice(begin, next->first).str() + part(next->second, first, last);
    begin = next->second.end;
  }
  return result + all.slice(begin, end).str();
}

}  // namespace ray::compiler
