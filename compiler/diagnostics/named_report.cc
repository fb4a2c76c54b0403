#include "compiler/diagnostics/named_report.h"

namespace ray::compiler {

using Level = clang::DiagnosticsEngine::Level;

clang::DiagnosticBuilder report(clang::DiagnosticsEngine& engine, clang::SourceLocation place,
                                DiagnosticKind kind, Level level, const std::string& message) {
  const DiagnosticRow& row = row_of(kind);
  std::string format = "%0";
  if (engine.getDiagnosticOptions().ShowOptionNames) {
    const bool is_promoted = level == Level::Error && !row.is_error;
    format += is_promoted ? " [-Werror,-Wray-" : " [-Wray-";
    format += std::string(row.name) + "]";
  }
  // The engine itself does that for clang's own alone.
  const clang::DiagnosticIDs::Level shown_as = level != Level::Error ? clang::DiagnosticIDs::Warning
                                               : engine.getErrorsAsFatal()
                                                   ? clang::DiagnosticIDs::Fatal
                                                   : clang::DiagnosticIDs::Error;
  const unsigned id = engine.getDiagnosticIDs()->getCustomDiagID(shown_as, format);
  auto builder = engine.Report(place, id);
  builder << message;
  return builder;
}

clang::DiagnosticBuilder report(clang::DiagnosticsEngine& engine, clang::SourceLocation place,
                                DiagnosticKind kind, const std::string& message) {
  return report(engine, place, kind, Level::Error, message);
}

clang::DiagnosticBuilder report_note(clang::DiagnosticsEngine& engine, clang::SourceLocation place,
                                     const std::string& message) {
  auto builder = engine.Report(place, engine.getCustomDiagID(Level::Note, "%0"));
  builder << message;
  return builder;
}

}  // namespace ray::compiler
