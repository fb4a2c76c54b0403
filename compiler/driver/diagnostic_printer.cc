#include "compiler/driver/diagnostic_printer.h"

#include <utility>

#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Lex/Lexer.h"
#include "clang/Sema/SemaDiagnostic.h"
#include "compiler/driver/advice.h"
#include "compiler/driver/user_messages.h"
#include "compiler/driver/user_types.h"
#include "compiler/model/diagnostic_kind.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {
namespace {

using Level = clang::DiagnosticsEngine::Level;

// " [-Werror,-Wunused]", as clang's own printer says it.
std::string option_suffix(Level level, const clang::Diagnostic& diagnostic,
                          const clang::DiagnosticOptions& options) {
  if (!options.ShowOptionNames) return "";
  const unsigned id = diagnostic.getID();
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

std::string named(DiagnosticKind kind) { return " [-Wray-" + std::string(row_of(kind).name) + "]"; }

// Those that write nothing which is generated.
llvm::SmallVector<clang::FixItHint, 4> hints_of(const clang::Diagnostic& diagnostic) {
  llvm::SmallVector<clang::FixItHint, 4> result;
  for (const clang::FixItHint& hint : diagnostic.getFixItHints()) {
    if (!llvm::StringRef(hint.CodeToInsert).contains('$')) result.push_back(hint);
  }
  return result;
}

// Of `f.remote(...)`, `.options(...)` or what takes a ref, as far as its name tells.
bool is_unresolved_call(const clang::Diagnostic& diagnostic, llvm::StringRef text) {
  const unsigned id = diagnostic.getID();
  if (id != clang::diag::err_ovl_no_viable_function_in_call &&
      id != clang::diag::err_ovl_no_viable_member_function_in_call) {
    return false;
  }
  constexpr llvm::StringRef kEnds[] = {"remote'", "options'", "'get'",  "'wait'",
                                       "'view'",  "'cancel'", "'kill'", "'task'"};
  return llvm::any_of(kEnds, [&](llvm::StringRef end) { return text.ends_with(end); });
}

bool is_in_system_header(const clang::Diagnostic& diagnostic) {
  const clang::SourceLocation place = diagnostic.getLocation();
  return place.isValid() && diagnostic.getSourceManager().isInSystemHeader(place);
}

// In <ray/...>.
bool is_in_library(const clang::Diagnostic& diagnostic) {
  const clang::SourceLocation place = diagnostic.getLocation();
  if (place.isInvalid()) return false;
  const clang::SourceManager& sources = diagnostic.getSourceManager();
  const clang::SourceLocation expansion = sources.getExpansionLoc(place);
  return sources.isInSystemHeader(expansion) &&
         sources.getFilename(expansion).contains("include/ray/");
}

// Whether it says from where in the library the user's template came to be instantiated.
bool is_way_through_library(const clang::Diagnostic& diagnostic, llvm::StringRef note) {
  constexpr llvm::StringRef kBegins[] = {"in instantiation of ", "while ",
                                         "during template argument deduction", "(skipping "};
  return is_in_library(diagnostic) &&
         llvm::any_of(kBegins, [&](llvm::StringRef begin) { return note.starts_with(begin); });
}

// What a static_assert of the library says to the user stands behind its condition.
std::string said_by_library(const clang::Diagnostic& diagnostic, const std::string& text) {
  const unsigned id = diagnostic.getID();
  const bool is_assertion = id == clang::diag::err_static_assert_failed ||
                            id == clang::diag::err_static_assert_requirement_failed;
  const std::size_t colon = is_assertion ? text.find(": ") : std::string::npos;
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

clang::CharSourceRange translate(const clang::CharSourceRange& range, SourceMap& map,
                                 bool always = false) {
  return {{map.translate(range.getBegin(), always), map.translate(range.getEnd(), always)},
          range.isTokenRange()};
}

}  // namespace

class DiagnosticPrinter::UserText : public clang::TextDiagnostic {
 public:
  UserText(DiagnosticPrinter& printer, const clang::LangOptions& language,
           const clang::Preprocessor* preprocessor)
      : TextDiagnostic(llvm::errs(), language, &*printer.options_, preprocessor),
        printer_(printer) {}

 protected:
  void emitDiagnosticMessage(clang::FullSourceLoc place, clang::PresumedLoc presumed, Level level,
                             llvm::StringRef message, llvm::ArrayRef<clang::CharSourceRange> ranges,
                             clang::DiagOrStoredDiag diagnostic) override {
    const clang::FullSourceLoc shown = shown_place(place);
    if (shown != place) presumed = shown.getPresumedLoc(printer_.options_->ShowPresumedLoc);
    TextDiagnostic::emitDiagnosticMessage(shown, presumed, level, message, ranges, diagnostic);
  }
  void emitCodeContext(clang::FullSourceLoc place, Level level,
                       llvm::SmallVectorImpl<clang::CharSourceRange>& ranges,
                       llvm::ArrayRef<clang::FixItHint> hints) override {
    const clang::FullSourceLoc shown = shown_place(place);
    if (shown != place) {
      for (clang::CharSourceRange& range : ranges) range = translate(range, *printer_.map_, true);
    }
    TextDiagnostic::emitCodeContext(shown, level, ranges, hints);
  }

 private:
  clang::FullSourceLoc shown_place(clang::FullSourceLoc place) const {
    const SourceMap* map = printer_.map_;
    if (place.isInvalid() || map == nullptr || !map->is_of(place.getManager())) return place;
    return clang::FullSourceLoc(printer_.translated(place), place.getManager());
  }

  DiagnosticPrinter& printer_;
};

void DiagnosticPrinter::BeginSourceFile(const clang::LangOptions& language,
                                        const clang::Preprocessor* preprocessor) {
  text_ = std::make_unique<UserText>(*this, language, preprocessor);
  language_ = &language;
}

void DiagnosticPrinter::print_without_place(Level level, const std::string& message) {
  clang::TextDiagnostic::printDiagnosticLevel(llvm::errs(), level, options_->ShowColors);
  clang::TextDiagnostic::printDiagnosticMessage(llvm::errs(), level == Level::Note, message,
                                                llvm::errs().tell(), options_->MessageLength,
                                                options_->ShowColors);
  llvm::errs().flush();
}

void DiagnosticPrinter::EndSourceFile() {
  print_waiting({});
  text_.reset();
}

// No pass over an interface takes lambdas apart.
bool DiagnosticPrinter::is_lambda_in_interface(const clang::Diagnostic& diagnostic) const {
  const clang::SourceLocation place = diagnostic.getLocation();
  if (diagnostic.getID() != clang::diag::err_diagnose_if_succeeded || place.isInvalid())
    return false;
  return (language_->isCompilingModule() ||
          diagnostic.getSourceManager().isLoadedSourceLocation(place)) &&
         diagnostic.getArgStdStr(0).starts_with("ray::remote takes a lambda");
}

clang::SourceLocation DiagnosticPrinter::translated(clang::SourceLocation place) {
  return map_ == nullptr ? place : map_->translate(place);
}

// What is precompiled, a module that an import builds too, reads masked text and has no map.
void DiagnosticPrinter::choose_map(const clang::Diagnostic& diagnostic) {
  if (!diagnostic.hasSourceManager() || files_ == nullptr) return;
  clang::SourceManager& sources = diagnostic.getSourceManager();
  map_ = compiled_map_;
  if (map_ != nullptr && map_->is_of(sources)) return;
  precompiled_map_.emplace(sources);
  for (const auto& [path, file] : files_->annotated_files()) {
    precompiled_map_->add_original(path, path, file.original, 0);
  }
  map_ = &*precompiled_map_;
}

void DiagnosticPrinter::HandleDiagnostic(Level level, const clang::Diagnostic& diagnostic) {
  choose_map(diagnostic);
  llvm::SmallString<128> formatted;
  diagnostic.FormatDiagnostic(formatted);
  Message message{level, in_user_terms(with_user_types(formatted.str().str(), diagnostic)), {}};
  if (level == Level::Note && take_note_of_library(diagnostic, message)) return;
  if (level == Level::Note && speaks_of_generated_code(message.text)) return;
  if (level == Level::Note && is_way_through_library(diagnostic, message.text)) return;
  if (level == Level::Note && reworded_.isValid()) return;
  if (level != Level::Note) {
    is_dropped_ =
        follows_broken_declaration(diagnostic) || follows_own_words(reworded_, diagnostic);
    reworded_ = {};
  }
  if (is_dropped_) return;
  if (level == Level::Note && has_said_all_ && is_in_system_header(diagnostic)) return;
  // Where the library has written what the error says.
  if (diagnostic.getID() == clang::diag::note_from_diagnose_if && is_in_library(diagnostic)) return;
  if (level == Level::Note && holds_candidates_ && is_in_system_header(diagnostic)) {
    hold_candidate(diagnostic, std::move(message));
    return;
  }
  release_candidates();
  take_library_error();
  const bool is_lambda = is_lambda_in_interface(diagnostic);
  if (is_lambda) {
    message.text = "'ray::remote(lambda)' does not work in a module's interface";
    if (options_->ShowOptionNames) message.text += named(DiagnosticKind::misplaced_annotation);
  }
  if (is_unresolved_call(diagnostic, message.text)) {
    message.call = diagnostic.getLocation();
    is_waiting_ = true;
  }
  if (level >= Level::Error && is_in_library(diagnostic)) {
    message.text = said_by_library(diagnostic, message.text);
    if (!options_->ShowOptionNames)
      message.text = message.text.substr(0, message.text.rfind(" [-Wray-"));
    library_error_ = translate_places(diagnostic, std::move(message));
    return;
  }
  std::string words = own_words(diagnostic);
  const bool is_reworded = !words.empty();
  if (is_reworded) message.text = std::move(words);
  if (is_misplaced_annotation(diagnostic) && options_->ShowOptionNames) {
    message.text += named(DiagnosticKind::misplaced_annotation);
  }
  message.text += option_suffix(level, diagnostic, *options_);
  message = translate_places(diagnostic, std::move(message));
  if (is_reworded) {
    message.hints.clear();
    reworded_ = diagnostic.getNumRanges() == 0 ? diagnostic.getLocation()
                                               : diagnostic.getRange(0).getBegin();
  }
  // Of a bracket that is missing twice, clang says so for each.
  is_dropped_ = diagnostic.getID() == clang::diag::err_expected && message.place.isValid() &&
                message.place == error_place_ && message.text == error_text_;
  if (is_dropped_) return;
  take(message);
  if (level != Level::Note) {
    error_place_ = message.place;
    error_text_ = message.text;
    is_advised_ = false;
    has_said_all_ = is_of_library_types(diagnostic);
    holds_candidates_ = diagnostic.getID() == clang::diag::err_typecheck_nonviable_condition;
  }
  if (is_lambda)
    take({Level::Note, "move what makes it to the module's implementation", message.place});
  take_advice(diagnostic, level);
}

// Of a value that an option of the library's cannot hold: the constructors of that option's type
// tell nothing that the types of the two do not.
void DiagnosticPrinter::hold_candidate(const clang::Diagnostic& diagnostic, Message note) {
  if (!is_in_library(diagnostic)) {
    candidates_.push_back(translate_places(diagnostic, std::move(note)));
    return;
  }
  candidates_.clear();
  holds_candidates_ = false;
  has_said_all_ = true;
}

void DiagnosticPrinter::release_candidates() {
  holds_candidates_ = false;
  for (Message& note : std::exchange(candidates_, {})) take(std::move(note));
}

// After an error, or after the candidate that tells why.
void DiagnosticPrinter::take_advice(const clang::Diagnostic& diagnostic, Level level) {
  if (is_advised_ || level == Level::Warning || error_place_.isInvalid()) return;
  // One candidate of a library's, of which others may be meant.
  if (level == Level::Note && is_in_system_header(diagnostic)) return;
  const std::string advice = advice_on(diagnostic, remote_names_);
  if (advice.empty()) return;
  Message note{Level::Note, advice, error_place_};
  if (const auto place = place_of_advice(diagnostic); place.isValid()) {
    note.place = clang::FullSourceLoc(translated(place), diagnostic.getSourceManager());
  }
  if (level != Level::Note) add_suggestion(diagnostic, advice, note);
  take(std::move(note));
  is_advised_ = has_said_all_ = true;
}

// Of "did you mean 'x'?": x for the member's name that the error is about.
void DiagnosticPrinter::add_suggestion(const clang::Diagnostic& diagnostic, llvm::StringRef advice,
                                       Message& note) const {
  if (!advice.consume_front("did you mean '") || !advice.consume_back("'?")) return;
  clang::SourceLocation place = diagnostic.getLocation();
  if (place.isMacroID()) return;
  if (map_ != nullptr) place = map_->translate(place, true);
  const clang::SourceManager& sources = diagnostic.getSourceManager();
  const clang::LangOptions language;
  clang::Token token;
  if (clang::Lexer::getRawToken(place, token, sources, language)) return;
  if (token.isOneOf(clang::tok::period, clang::tok::arrow)) {
    const auto name = clang::Lexer::findNextToken(place, sources, language);
    if (!name) return;
    token = *name;
  }
  if (!token.is(clang::tok::raw_identifier)) return;
  note.place = clang::FullSourceLoc(place, sources);
  note.hints.push_back(clang::FixItHint::CreateReplacement(
      clang::CharSourceRange::getCharRange(token.getLocation(), token.getEndLoc()), advice));
}

DiagnosticPrinter::Message DiagnosticPrinter::translate_places(const clang::Diagnostic& diagnostic,
                                                               Message message) {
  clang::SourceLocation place = diagnostic.getLocation();
  if (place.isInvalid() || text_ == nullptr) return message;
  const bool is_generated = map_ != nullptr && map_->is_generated(place);
  message.is_generated = is_generated;
  if (!is_generated) message.hints.append(hints_of(diagnostic));
  if (map_ != nullptr) {
    // What a hint changes is the file: its places are those of the file, and all others with them.
    const bool has_hints = !message.hints.empty();
    place = map_->translate(place, has_hints);
    for (clang::FixItHint& hint : message.hints) {
      hint.RemoveRange = translate(hint.RemoveRange, *map_, true);
    }
    for (const clang::CharSourceRange& range : diagnostic.getRanges()) {
      if (!is_generated) message.ranges.push_back(translate(range, *map_, has_hints));
    }
  } else {
    message.ranges.append(diagnostic.getRanges().begin(), diagnostic.getRanges().end());
  }
  message.place = clang::FullSourceLoc(place, diagnostic.getSourceManager());
  message.is_generated = is_generated;
  return message;
}

// Whether it belongs to an error in the library. Its own text would be about what the library does.
bool DiagnosticPrinter::take_note_of_library(const clang::Diagnostic& diagnostic,
                                             const Message& note) {
  if (!library_error_) return false;
  if (std::optional<Refusal> refusal = refusal_in(note.text, language_->isCompilingModule())) {
    if (options_->ShowOptionNames) refusal->message += named(DiagnosticKind::not_serialisable);
    library_error_->text = std::move(refusal->message);
    library_error_->advice = std::move(refusal->advice);
  }
  const clang::SourceLocation place = diagnostic.getLocation();
  if (place.isInvalid()) return true;
  Message translated = translate_places(diagnostic, note);
  for (const char* called : {"LambdaTask<", "PlainTask<", "PlainMethod<", "PlainActor<"}) {
    if (llvm::StringRef(note.text).contains(called)) translated.call = place;
  }
  // What is generated stands for its declaration: good where nothing the user wrote is nearer.
  const bool is_generated = map_ != nullptr && map_->is_generated(place);
  (is_generated ? generated_notes_ : library_notes_).push_back(std::move(translated));
  return true;
}

void DiagnosticPrinter::take_library_error() {
  if (!library_error_) return;
  const Message error = *std::exchange(library_error_, std::nullopt);
  std::vector<Message> notes = std::exchange(library_notes_, {});
  for (Message& note : std::exchange(generated_notes_, {})) notes.push_back(std::move(note));
  for (const Message& note : notes) {
    if (note.place.isInvalid() || note.place.isInSystemHeader()) continue;
    if (!library_errors_shown_.insert(note.place).second) return;
    Message shown{Level::Error, error.text, note.place, note.ranges};
    shown.is_generated = note.is_generated && error.advice.empty();  // else it says what is refused
    shown.call = note.call;
    is_waiting_ |= note.call.isValid();
    take(std::move(shown));
    if (!error.advice.empty()) take({Level::Note, error.advice, note.place});
    return;
  }
  take(error);
  for (const Message& note : notes) {
    if (!speaks_of_generated_code(note.text)) take(note);
  }
}

void DiagnosticPrinter::take(Message message) {
  is_waiting_ |= message.is_generated && message.level >= Level::Error;
  if (is_waiting_) {
    waiting_.push_back(std::move(message));
  } else {
    print(message);
  }
}

void DiagnosticPrinter::print(const Message& message) {
  if (has_reached_limit_) return;
  if (message.level >= Level::Error) {
    has_reached_limit_ = options_->ErrorLimit != 0 && NumErrors == options_->ErrorLimit;
    ++NumErrors;
    if (has_reached_limit_) {
      print_without_place(Level::Fatal, "too many errors emitted, stopping now [-ferror-limit=]");
      return;
    }
  }
  if (message.level == Level::Warning) ++NumWarnings;
  if (message.place.isInvalid() || text_ == nullptr) {
    print_without_place(message.level, message.text);
    return;
  }
  text_->emitDiagnostic(message.place, message.level, message.text, message.ranges, message.hints);
  llvm::errs().flush();
}

bool DiagnosticPrinter::is_waiting() {
  release_candidates();
  take_library_error();
  return is_waiting_;
}

void DiagnosticPrinter::print_waiting(
    const std::map<clang::SourceLocation, CallExplanation>& explanations) {
  release_candidates();
  take_library_error();
  is_waiting_ = false;
  const std::vector<Message> messages = std::exchange(waiting_, {});
  // What is generated for a declaration with an error has errors because of that one.
  const bool has_own_error =
      NumErrors > 0 || llvm::any_of(messages, [](const Message& message) {
        return message.level >= Level::Error && message.place.isValid() && !message.is_generated;
      });
  bool is_done = false;
  for (const Message& message : messages) {
    if (message.level == Level::Note && is_done) continue;
    const auto found = explanations.find(message.call);
    const bool is_explained = message.call.isValid() && found != explanations.end();
    is_done =
        is_explained || (message.level >= Level::Error && message.is_generated && has_own_error);
    if (is_explained) {
      print_explanation(found->second, message.place.getManager());
    } else if (!is_done) {
      print(message);
    }
  }
}

void DiagnosticPrinter::print_explanation(const CallExplanation& explanation,
                                          const clang::SourceManager& sources) {
  if (explanation.range.isInvalid()) return;
  const auto at = [&](clang::SourceLocation place) {
    return clang::FullSourceLoc(translated(place), sources);
  };
  clang::CharSourceRange range = clang::CharSourceRange::getTokenRange(explanation.range);
  if (map_ != nullptr) range = translate(range, *map_);
  std::string text = explanation.message;
  if (options_->ShowOptionNames) text += named(DiagnosticKind::wrong_argument);
  print({Level::Error, text, at(explanation.range.getBegin()), {range}});
  for (const CallExplanation::Note& note : explanation.notes) {
    print({Level::Note, note.message, at(note.place)});
  }
}

}  // namespace ray::compiler
