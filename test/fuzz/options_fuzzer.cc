// Any bytes as the text of an annotation: options or errors, each error at a place in the text, and
// no options where there is an error that says nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "compiler/options/option_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ray::compiler::OptionTarget;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto target : {OptionTarget::task, OptionTarget::actor, OptionTarget::method}) {
    const ray::compiler::ParsedOptions options = ray::compiler::parse_options(text, target);
    for (const ray::compiler::OptionError& error : options.errors) {
      if (error.message.empty() || error.offset > size || error.length > size - error.offset) {
        std::abort();
      }
    }
    if (ray::compiler::render_options(options).empty()) std::abort();
  }
  return 0;
}
