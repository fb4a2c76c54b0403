// WarningFlags knows which of our warnings are on where: from -Wray-NAME, -Wno-ray-NAME,
// -Werror=ray-NAME and the like, and from `#pragma clang diagnostic`, which works on our names as
// it does on clang's.
//
// Clang 19 keeps no such state for diagnostics that it does not define, so this follows the pragmas
// itself. As in clang, one holds from its place on to the end of the translation unit, or to the
// `pop` of what it stands in.
//
// Threading: one thread. Ownership: outlives the preprocessor that watch() is given.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "clang/Basic/Diagnostic.h"
#include "clang/Lex/Preprocessor.h"
#include "compiler/model/diagnostic_kind.h"

namespace ray::compiler {

class WarningFlags {
 public:
  // Takes out of `options` ("ray-x", "no-ray-x", "error=ray-x", as clang has read them) those that
  // are ours.
  explicit WarningFlags(std::vector<std::string>& options);

  // Reports those that name nothing.
  void report_unknown(clang::DiagnosticsEngine& engine) const;
  void watch(clang::Preprocessor& preprocessor);

  // Ignored, Warning or Error.
  clang::DiagnosticsEngine::Level level(DiagnosticKind kind, clang::SourceLocation place,
                                        const clang::DiagnosticsEngine& engine) const;

 private:
  friend class PragmaWatch;

  enum class Severity : unsigned char { standard, ignored, warning, error };
  struct Setting {
    Severity severity = Severity::standard;
    bool is_never_error = false;  // whatever -Werror says
  };
  using Settings = std::array<Setting, kDiagnosticCount>;
  struct Change {
    unsigned offset = 0;
    std::size_t state = 0;
  };

  // `name` is "ray", "ray-x" or "everything". False for one that names nothing.
  static bool set(Settings& settings, llvm::StringRef name, Severity severity);
  static bool set_never_error(Settings& settings, llvm::StringRef name);
  void change_at(clang::FileID file, unsigned offset);

  std::vector<Settings> states_;  // the first is the command line's
  std::size_t current_ = 0;
  std::vector<std::size_t> pushed_;
  std::map<clang::FileID, std::vector<Change>> changes_;  // in each file, in its order
  std::vector<std::string> unknown_;                      // "-Wray-x", as given
};

// "-Wray-x" of the nearest name, or "".
std::string nearest_warning(llvm::StringRef option);

}  // namespace ray::compiler
