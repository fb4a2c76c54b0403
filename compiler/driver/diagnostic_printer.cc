#include "compiler/driver/diagnostic_printer.h"

#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Lex/Lexer.h"
#include "clang/Sema/SemaDiagnostic.h"
#include "compiler/driver/user_messages.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {
namespace {

using Level = clang::DiagnosticsEngine::Level;

// " [-Werror,-Wunused]", as clang's own printer says it.
std::string option_suffix(Level level, const clang::Diagnostic& diagnostic,
                          const clang::DiagnosticOptions& options) {
  if (!options.ShowOptionNames) return "";
  const unsigned id = diagnostic.getID();
  if (id == clang::diag::fatal_too_many_errors) return " [-ferror-limit=]";
  std::string result;
  if (level == Level::Error && clang::DiagnosticIDs::isBuiltinWarningOrExtension(id) &&
      !clang::DiagnosticIDs::isDefaultMappingAsError(id)) {
    result = "-Werror";
  }
  const llvm::StringRef option = clang::DiagnosticIDs::getWarningOptionForDiag(id);
  if (!option.empty()) {
    if (!result.empty()) result += ',';
    result += (level == Level::Remark ? "-R" : "-W") + option.str();
    const llvm::StringRef value = diagnostic.getDiags()->getFlagValue();
    if (!value.empty()) result += "=" + value.str();
  }
  return result.empty() ? "" : " [" + result + "]";
}

clang::CharSourceRange translate(const clang::CharSourceRange& range, SourceMap& map) {
  return {{map.translate(range.getBegin()), map.translate(range.getEnd())}, range.isTokenRange()};
}

}  // namespace

void DiagnosticPrinter::BeginSourceFile(const clang::LangOptions& language,
                                        const clang::Preprocessor* preprocessor) {
  text_ = std::make_unique<clang::TextDiagnostic>(llvm::errs(), language, &*options_, preprocessor);
}

void DiagnosticPrinter::print_without_place(Level level, const std::string& message) {
  clang::TextDiagnostic::printDiagnosticLevel(llvm::errs(), level, options_->ShowColors);
  clang::TextDiagnostic::printDiagnosticMessage(llvm::errs(), level == Level::Note, message,
                                                llvm::errs().tell(), options_->MessageLength,
                                                options_->ShowColors);
  llvm::errs().flush();
}

void DiagnosticPrinter::HandleDiagnostic(Level level, const clang::Diagnostic& diagnostic) {
  DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
  llvm::SmallString<128> formatted;
  diagnostic.FormatDiagnostic(formatted);
  std::string message = in_user_terms(formatted.str().str());
  if (level == Level::Note && speaks_of_generated_code(message)) return;
  message += option_suffix(level, diagnostic, *options_);

  if (diagnostic.getLocation().isInvalid() || text_ == nullptr) {
    print_without_place(level, message);
    return;
  }
  clang::SourceManager& sources = diagnostic.getSourceManager();
  clang::SourceLocation place = diagnostic.getLocation();
  llvm::SmallVector<clang::CharSourceRange, 4> ranges(diagnostic.getRanges());
  llvm::SmallVector<clang::FixItHint, 4> hints(diagnostic.getFixItHints());
  if (map_ != nullptr) {
    const bool is_generated = map_->is_generated(place);
    place = map_->translate(place);
    if (is_generated) {
      ranges.clear();
      hints.clear();
    }
    if (place != diagnostic.getLocation()) hints.clear();
    for (clang::CharSourceRange& range : ranges) range = translate(range, *map_);
  }
  text_->emitDiagnostic(clang::FullSourceLoc(place, sources), level, message, ranges, hints);
  print_use_task(diagnostic, message, place);
  llvm::errs().flush();
}

// After `.remote` on a function that is not spelled by its name.
void DiagnosticPrinter::print_use_task(const clang::Diagnostic& diagnostic,
                                       const std::string& message, clang::SourceLocation place) {
  const unsigned id = diagnostic.getID();
  const bool is_member_of_function =
      id == clang::diag::err_typecheck_member_reference_struct_union ||
      id == clang::diag::err_typecheck_member_reference_suggestion ||
      id == clang::diag::err_typecheck_member_reference_type ||
      id == clang::diag::err_ovl_unresolvable || id == clang::diag::err_member_reference_needs_call;
  if (!is_member_of_function || diagnostic.getNumRanges() == 0) return;
  const clang::SourceManager& sources = diagnostic.getSourceManager();
  const clang::LangOptions language;
  const auto base = diagnostic.getRange(0);
  const std::string function =
      clang::Lexer::getSourceText(clang::CharSourceRange::getTokenRange(base.getAsRange()), sources,
                                  language)
          .trim("() \t")
          .str();
  const char* after = sources.getCharacterData(sources.getExpansionLoc(base.getEnd()));
  const llvm::StringRef rest = llvm::StringRef(after).take_front(200);
  if (function.empty() || !rest.contains("remote")) return;
  const bool is_pointer = message.find("(*)") != std::string::npos;
  const std::size_t scope = function.rfind("::");
  const std::string name = scope == std::string::npos ? function : function.substr(scope + 2);
  const bool is_remote = is_pointer || remote_names_.count(name) != 0;
  const std::string note =
      is_remote ? "write 'ray::task(" + function + ").remote(...)'"
                : "'" + function + "' is not a remote function: annotate it with [[ray::remote]]";
  text_->emitDiagnostic(clang::FullSourceLoc(place, sources), Level::Note, note, {}, {});
}

}  // namespace ray::compiler
