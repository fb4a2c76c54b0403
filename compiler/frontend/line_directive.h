// LineDirective is a line that says what the next ones are called: `#line 7 "parser.y"`, or
// `# 7 "parser.y" 1 3` as preprocessors write it.
#pragma once

#include <optional>
#include <string>

#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

struct LineDirective {
  unsigned line = 0;
  std::string file;  // empty: as before
  bool enters = false;
  bool leaves = false;
  bool is_system = false;
};

// Nothing where `text`, a line, is no such directive.
std::optional<LineDirective> read_line_directive(llvm::StringRef text);

}  // namespace ray::compiler
