#include "compiler/options/option_parser.h"

#include "compiler/options/option_checker.h"
#include "compiler/options/option_syntax.h"

namespace ray::compiler {

ParsedOptions parse_options(std::string_view text, OptionTarget target) {
  ParsedOptions result;
  result.target = target;
  check_options(read_option_syntax(text), result);
  return result;
}

}  // namespace ray::compiler
