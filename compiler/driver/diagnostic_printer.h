// DiagnosticPrinter prints clang's diagnostics as clang does, but of the files that the user wrote:
// places are led back to them, generated names are turned back, and notes about generated code
// alone are left out.
//
// A remote call that clang cannot resolve would be explained by what it is compiled to. From the
// first of these on all messages wait, until print_waiting() is told what to say instead. An error
// in the library's own headers is shown where the user's code asked for it, once; one in generated
// code is left out where the user's own text has the same.
//
// Threading: one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Frontend/TextDiagnostic.h"
#include "compiler/driver/source_map.h"
#include "compiler/frontend/source_overlay.h"
#include "compiler/mistakes/call_explainer.h"

namespace ray::compiler {

class DiagnosticPrinter : public clang::DiagnosticConsumer {
 public:
  explicit DiagnosticPrinter(clang::DiagnosticOptions& options) : options_(&options) {}

  // Null until there is something to lead back to.
  void set_source_map(SourceMap* map) { map_ = compiled_map_ = map; }

  // Its files are shown as they are on disk, also where no map says so.
  void set_files(llvm::IntrusiveRefCntPtr<SourceOverlay> files) { files_ = std::move(files); }

  // The functions that `.remote` is for.
  void set_remote_names(std::vector<std::string> names) {
    remote_names_ = {names.begin(), names.end()};
  }

  void BeginSourceFile(const clang::LangOptions& language,
                       const clang::Preprocessor* preprocessor) override;
  void EndSourceFile() override;
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& diagnostic) override;

  // To be asked when all has been reported.
  bool is_waiting();
  // Prints all that waits, explained calls by their explanation.
  void print_waiting(const std::map<clang::SourceLocation, CallExplanation>& explanations);

 private:
  struct Message {
    clang::DiagnosticsEngine::Level level;
    std::string text;
    clang::FullSourceLoc place;  // in what the user wrote; invalid: none
    llvm::SmallVector<clang::CharSourceRange, 4> ranges = {};
    llvm::SmallVector<clang::FixItHint, 4> hints = {};
    clang::SourceLocation call = {};  // of an unresolved remote call
    std::string advice = {};          // a note to follow it
    bool is_generated = false;        // its place stands for a declaration
  };

  // Shows each line as the user wrote it: clang adds notes on macros of its own.
  class UserText;

  void choose_map(const clang::Diagnostic& diagnostic);
  Message translate_places(const clang::Diagnostic& diagnostic, Message message);
  bool take_note_of_library(const clang::Diagnostic& diagnostic, const Message& note);
  void take_library_error();
  void hold_candidate(const clang::Diagnostic& diagnostic, Message note);
  void release_candidates();
  void take(Message message);
  void print(const Message& message);
  void print_explanation(const CallExplanation& explanation, const clang::SourceManager& sources);
  bool is_lambda_in_interface(const clang::Diagnostic& diagnostic) const;
  void print_without_place(clang::DiagnosticsEngine::Level level, const std::string& message);
  void take_advice(const clang::Diagnostic& diagnostic, clang::DiagnosticsEngine::Level level);
  void add_suggestion(const clang::Diagnostic& diagnostic, llvm::StringRef advice,
                      Message& note) const;
  clang::SourceLocation translated(clang::SourceLocation place);

  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> options_;
  std::unique_ptr<clang::TextDiagnostic> text_;
  SourceMap* map_ = nullptr;  // for what is being reported
  SourceMap* compiled_map_ = nullptr;
  std::optional<SourceMap> precompiled_map_;
  llvm::IntrusiveRefCntPtr<SourceOverlay> files_;
  std::set<std::string> remote_names_;
  std::vector<Message> waiting_;
  bool has_reached_limit_ = false;                // of errors
  const clang::LangOptions* language_ = nullptr;  // what is compiled is known when it begins
  bool is_waiting_ = false;
  clang::FullSourceLoc error_place_;  // of the last error or warning
  std::string error_text_;
  bool is_dropped_ = false;         // the last error or warning, and its notes with it
  clang::SourceLocation reworded_;  // where what the last error is about begins, if own_words told
  bool is_advised_ = false;         // that one
  bool has_said_all_ = false;       // and needs no candidates of a library's
  bool holds_candidates_ = false;   // that error's notes wait for what it is about
  std::vector<Message> candidates_;
  // In a header of the library, until its notes have told what asked for it.
  std::optional<Message> library_error_;
  std::vector<Message> library_notes_;
  std::vector<Message> generated_notes_;
  std::set<clang::SourceLocation> library_errors_shown_;  // by the user's place
};

}  // namespace ray::compiler
