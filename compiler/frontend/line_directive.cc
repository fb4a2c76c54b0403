#include "compiler/frontend/line_directive.h"

namespace ray::compiler {

std::optional<LineDirective> read_line_directive(llvm::StringRef text) {
  text = text.ltrim(" \t");
  if (!text.consume_front("#")) return std::nullopt;
  text = text.ltrim(" \t");
  if (text.consume_front("line")) text = text.ltrim(" \t");
  LineDirective result;
  if (text.consumeInteger(10, result.line)) return std::nullopt;
  text = text.trim(" \t\r");
  if (text.consume_front("\"")) {
    for (; !text.empty() && text.front() != '"'; text = text.drop_front()) {
      if (text.front() == '\\') text = text.drop_front();
      if (!text.empty()) result.file += text.front();
    }
    text = text.drop_front(text.empty() ? 0 : 1);
  }
  for (const char flag : text) {
    result.enters |= flag == '1';
    result.leaves |= flag == '2';
    result.is_system |= flag == '3';
  }
  return result;
}

}  // namespace ray::compiler
