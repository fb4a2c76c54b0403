// DiagnosticPrinter prints clang's diagnostics as clang does, but of the files that the user wrote:
// places are led back to them, generated names are turned back, and notes about generated code
// alone are left out.
//
// Threading: one thread.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Frontend/TextDiagnostic.h"
#include "compiler/driver/source_map.h"

namespace ray::compiler {

class DiagnosticPrinter : public clang::DiagnosticConsumer {
 public:
  explicit DiagnosticPrinter(clang::DiagnosticOptions& options) : options_(&options) {}

  // Null until there is something to lead back to.
  void set_source_map(SourceMap* map) { map_ = map; }

  // The functions that `.remote` is for.
  void set_remote_names(std::vector<std::string> names) {
    remote_names_ = {names.begin(), names.end()};
  }

  void BeginSourceFile(const clang::LangOptions& language,
                       const clang::Preprocessor* preprocessor) override;
  void EndSourceFile() override { text_.reset(); }
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& diagnostic) override;

 private:
  void print_without_place(clang::DiagnosticsEngine::Level level, const std::string& message);
  void print_use_task(const clang::Diagnostic& diagnostic, const std::string& message,
                      clang::SourceLocation place);

  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> options_;
  std::unique_ptr<clang::TextDiagnostic> text_;
  SourceMap* map_ = nullptr;
  std::set<std::string> remote_names_;
};

}  // namespace ray::compiler
