// NamedReport gives clang's engine a diagnostic of ours, with the name that it is shown by.
#pragma once

#include <string>

#include "clang/Basic/Diagnostic.h"
#include "compiler/model/diagnostic_kind.h"

namespace ray::compiler {

// Emitted when the builder goes out of scope. `level` is Error or Warning; a warning that is an
// Error is shown as [-Werror,-Wray-x].
clang::DiagnosticBuilder report(clang::DiagnosticsEngine& engine, clang::SourceLocation place,
                                DiagnosticKind kind, clang::DiagnosticsEngine::Level level,
                                const std::string& message);
// Of an error.
clang::DiagnosticBuilder report(clang::DiagnosticsEngine& engine, clang::SourceLocation place,
                                DiagnosticKind kind, const std::string& message);
clang::DiagnosticBuilder report_note(clang::DiagnosticsEngine& engine, clang::SourceLocation place,
                                     const std::string& message);

}  // namespace ray::compiler
