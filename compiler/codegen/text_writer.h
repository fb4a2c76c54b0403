// TextWriter collects the lines of generated code, indented as a person would.
#pragma once

#include <string>
#include <string_view>

#include "compiler/model/callable.h"

namespace ray::compiler {

class TextWriter {
 public:
  explicit TextWriter(int depth = 0) : depth_(depth) {}

  void line(std::string_view text);
  void label(std::string_view text);  // "public:"
  // `open` ends with what opens a block; `close` ends it.
  void begin(std::string_view open);
  void end(std::string_view close = "}");
  // What follows is shown as `place`.
  void at(const SourcePlace& place);

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  int depth_;
};

// A C++ string literal.
std::string quoted(std::string_view text);
// `#line 3 "a.cc"`
std::string line_directive(const SourcePlace& place);

}  // namespace ray::compiler
