#include "compiler/diagnostics/warning_flags.h"

#include <cstring>

#include "clang/Basic/CharInfo.h"
#include "clang/Basic/DiagnosticFrontend.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/StringSwitch.h"

namespace ray::compiler {
namespace {

using Level = clang::DiagnosticsEngine::Level;

// Whether "ray" or "ray-x".
bool is_ours(llvm::StringRef name) { return name == "ray" || name.starts_with("ray-"); }

bool covers(llvm::StringRef name, std::string_view row) {
  return name == "ray" || name == "everything" ||
         (name.consume_front("ray-") && name == llvm::StringRef(row));
}

// Whether "ray-x" is an error's name: those cannot be switched.
bool is_error_name(llvm::StringRef name) {
  if (!name.consume_front("ray-")) return false;
  return llvm::any_of(kDiagnostics, [&](const DiagnosticRow& row) {
    return row.is_error && name == llvm::StringRef(row.name);
  });
}

constexpr char kCannotBeSwitched[] =
    "'%0' has no effect: this is an error and stays one [-Wunknown-warning-option]";

}  // namespace

std::string nearest_warning(llvm::StringRef option) {
  std::string nearest;
  unsigned best = option.size() / 2;
  for (const DiagnosticRow& row : kDiagnostics) {
    if (row.is_error) continue;
    const std::string candidate = "-Wray-" + std::string(row.name);
    const unsigned distance = option.edit_distance(candidate, true, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

WarningFlags::WarningFlags(std::vector<std::string>& options) : states_(1) {
  std::vector<std::string> others;
  for (std::string& option : options) {
    llvm::StringRef name = option;
    const bool is_off = name.consume_front("no-");
    const bool is_error = name.consume_front("error=") || name.consume_front("error-");
    if (name == "everything" && is_off && !is_error) set(states_[0], name, Severity::ignored);
    if (!is_ours(name)) {
      others.push_back(std::move(option));
      continue;
    }
    const bool is_known = is_off && is_error ? set_never_error(states_[0], name)
                                             : set(states_[0], name,
                                                   is_error ? Severity::error
                                                   : is_off ? Severity::ignored
                                                            : Severity::warning);
    if (!is_known) unknown_.push_back("-W" + option);
  }
  options = std::move(others);
}

bool WarningFlags::set(Settings& settings, llvm::StringRef name, Severity severity) {
  bool is_known = false;
  for (std::size_t i = 0; i < kDiagnosticCount; ++i) {
    if (!covers(name, kDiagnostics[i].name)) continue;
    if (kDiagnostics[i].is_error) {
      is_known = is_known || severity == Severity::error || severity == Severity::warning;
      continue;
    }
    is_known = true;
    // As in clang, to switch a warning on does not make less of an error.
    if (severity == Severity::warning && settings[i].severity == Severity::error) continue;
    settings[i].severity = severity;
  }
  return is_known;
}

bool WarningFlags::set_never_error(Settings& settings, llvm::StringRef name) {
  bool is_known = false;
  for (std::size_t i = 0; i < kDiagnosticCount; ++i) {
    if (kDiagnostics[i].is_error || !covers(name, kDiagnostics[i].name)) continue;
    is_known = true;
    settings[i].is_never_error = true;
    if (settings[i].severity == Severity::error) settings[i].severity = Severity::warning;
  }
  return is_known;
}

void WarningFlags::report_unknown(clang::DiagnosticsEngine& engine) const {
  for (const std::string& option : unknown_) {
    llvm::StringRef name = option;
    name.consume_front("-W");
    std::string prefix = "-W";
    for (const char* part : {"no-", "error="}) {
      if (name.consume_front(part)) prefix += part;
    }
    if (is_error_name(name)) {
      const Level level = engine.getDiagnosticLevel(clang::diag::warn_unknown_diag_option, {});
      engine.Report(engine.getCustomDiagID(level, kCannotBeSwitched)) << option;
      continue;
    }
    std::string near = nearest_warning("-W" + name.str());
    if (!near.empty()) near.replace(0, 2, prefix);
    engine.Report(clang::diag::warn_unknown_diag_option) << 0 << option << !near.empty() << near;
  }
}

Level WarningFlags::level(DiagnosticKind kind, clang::SourceLocation place,
                          const clang::DiagnosticsEngine& engine) const {
  if (row_of(kind).is_error) return Level::Error;
  std::size_t state = 0;
  if (place.isValid() && !changes_.empty()) {
    const clang::SourceManager& sources = engine.getSourceManager();
    const auto [file, offset] = sources.getDecomposedLoc(sources.getExpansionLoc(place));
    if (const auto found = changes_.find(file); found != changes_.end()) {
      for (const Change& change : found->second) {
        if (change.offset > offset) break;
        state = change.state;
      }
    }
  }
  const Setting setting = states_[state][static_cast<unsigned>(kind)];
  if (setting.severity == Severity::error) return Level::Error;
  if (setting.severity == Severity::ignored || engine.getIgnoreAllWarnings()) return Level::Ignored;
  const bool is_on = row_of(kind).is_on || engine.getEnableAllWarnings();
  if (setting.severity == Severity::standard && !is_on) return Level::Ignored;
  return engine.getWarningsAsErrors() && !setting.is_never_error ? Level::Error : Level::Warning;
}

void WarningFlags::change_at(clang::FileID file, unsigned offset) {
  std::vector<Change>& changes = changes_[file];
  if (changes.empty() ? current_ != 0 : changes.back().state != current_) {
    changes.push_back({offset, current_});
  }
}

// Sees each pragma before clang acts on it, whether it stands in the file or comes from `_Pragma`.
// What one macro expands to is one place: a push and a pop in the same one are as good as none.
class PragmaWatch : public clang::PPCallbacks {
 public:
  // `unknown_level`: at which a pragma is reported whose warning nobody knows.
  PragmaWatch(WarningFlags& flags, clang::Preprocessor& preprocessor, Level unknown_level)
      : flags_(flags), preprocessor_(preprocessor), unknown_level_(unknown_level) {}

  void LexedFileChanged(clang::FileID file, LexedFileChangeReason reason,
                        clang::SrcMgr::CharacteristicKind, clang::FileID,
                        clang::SourceLocation place) override {
    if (flags_.states_.size() == 1 || file.isInvalid()) return;
    const bool is_return = reason == LexedFileChangeReason::ExitFile && place.isValid();
    flags_.change_at(file, is_return ? preprocessor_.getSourceManager().getFileOffset(place) : 0);
  }

  void PragmaDirective(clang::SourceLocation place, clang::PragmaIntroducerKind) override {
    // What the preprocessor is about to read.
    const auto* lexer = static_cast<const clang::Lexer*>(preprocessor_.getCurrentLexer());
    if (lexer == nullptr) return;
    const char* begin = lexer->getBufferLocation();
    llvm::StringRef line(begin, std::strcspn(begin, "\n"));
    const llvm::StringRef space = take_word(line);
    if ((space != "clang" && space != "GCC") || take_word(line) != "diagnostic") return;
    const llvm::StringRef verb = take_word(line);
    line = line.ltrim();
    const bool has_name = line.consume_front("\"");
    follow(verb, has_name ? line.take_until([](char c) { return c == '"'; }) : "", place);
  }

 private:
  using Severity = WarningFlags::Severity;

  static llvm::StringRef take_word(llvm::StringRef& line) {
    line = line.ltrim();
    const llvm::StringRef word =
        line.take_while([](unsigned char c) { return clang::isAsciiIdentifierContinue(c); });
    line = line.drop_front(word.size());
    return word;
  }

  // `option` is "-Wray-x", or "" for push and pop.
  void follow(llvm::StringRef verb, llvm::StringRef option, clang::SourceLocation place) {
    if (verb == "push") {
      flags_.pushed_.push_back(flags_.current_);
      return;
    }
    if (verb == "pop") {
      if (flags_.pushed_.empty()) return;
      flags_.current_ = flags_.pushed_.back();
      flags_.pushed_.pop_back();
      change(place);
      return;
    }
    const Severity severity = llvm::StringSwitch<Severity>(verb)
                                  .Case("ignored", Severity::ignored)
                                  .Case("warning", Severity::warning)
                                  .Cases("error", "fatal", Severity::error)
                                  .Default(Severity::standard);
    llvm::StringRef name = option;
    if (severity == Severity::standard || !name.consume_front("-W")) return;
    if (!is_ours(name) && name != "everything") {
      follow_clang(name, severity, option, place);
      return;
    }
    WarningFlags::Settings settings = flags_.states_[flags_.current_];
    if (!WarningFlags::set(settings, name, severity)) {
      report_unknown(option, place);
      return;
    }
    if (severity == Severity::warning) WarningFlags::set_never_error(settings, name);
    flags_.states_.push_back(settings);
    flags_.current_ = flags_.states_.size() - 1;
    change(place);
  }

  // A name that is not ours: clang acts on it, but does not say so where it knows none of that
  // name.
  void follow_clang(llvm::StringRef name, Severity severity, llvm::StringRef option,
                    clang::SourceLocation place) {
    if (name == "unknown-warning-option") is_quiet_ = severity == Severity::ignored;
    llvm::SmallVector<clang::diag::kind, 16> members;
    const bool is_unknown =
        preprocessor_.getDiagnostics().getDiagnosticIDs()->getDiagnosticsInGroup(
            clang::diag::Flavor::WarningOrError, name, members);
    if (is_unknown) report_unknown(option, place);
  }

  void report_unknown(llvm::StringRef option, clang::SourceLocation place) {
    if (is_quiet_ || unknown_level_ == Level::Ignored) return;
    if (preprocessor_.getSourceManager().isInSystemHeader(place)) return;
    clang::DiagnosticsEngine& engine = preprocessor_.getDiagnostics();
    if (is_error_name(option.drop_front(2))) {
      engine.Report(place, engine.getCustomDiagID(unknown_level_, kCannotBeSwitched)) << option;
      return;
    }
    engine.Report(place, engine.getCustomDiagID(
                             unknown_level_,
                             "unknown warning group '%0', ignored [-Wunknown-warning-option]"))
        << option;
    const std::string near = nearest_warning(option);
    if (!near.empty() && is_ours(option.drop_front(2))) {
      engine.Report(place, engine.getCustomDiagID(Level::Note, "did you mean '%0'?")) << near;
    }
  }

  void change(clang::SourceLocation place) {
    const clang::SourceManager& sources = preprocessor_.getSourceManager();
    const auto [file, offset] = sources.getDecomposedLoc(sources.getExpansionLoc(place));
    flags_.change_at(file, offset);
  }

  WarningFlags& flags_;
  clang::Preprocessor& preprocessor_;
  Level unknown_level_;
  bool is_quiet_ = false;  // the user has switched -Wunknown-warning-option off
};

void WarningFlags::watch(clang::Preprocessor& preprocessor) {
  // Clang would say of ours that it does not know them: we say it of those that nobody knows.
  constexpr unsigned kUnknown = clang::diag::warn_pragma_diagnostic_unknown_warning;
  clang::DiagnosticsEngine& engine = preprocessor.getDiagnostics();
  const Level level = engine.getDiagnosticLevel(kUnknown, {});
  engine.setSeverity(kUnknown, clang::diag::Severity::Ignored, {});
  preprocessor.addPPCallbacks(std::make_unique<PragmaWatch>(*this, preprocessor, level));
}

}  // namespace ray::compiler
