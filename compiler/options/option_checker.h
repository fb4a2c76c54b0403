// OptionChecker turns options as written into typed ones: it knows every option, what it applies to
// and which kind of value it takes.
#pragma once

#include "compiler/options/option_syntax.h"

namespace ray::compiler {

// Adds to `result` what `syntax` gives for result.target, and the errors found.
void check_options(const OptionSyntax& syntax, ParsedOptions& result);

}  // namespace ray::compiler
