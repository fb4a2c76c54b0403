#include "compiler/codegen/text_writer.h"

namespace ray::compiler {

void TextWriter::line(std::string_view text) {
  text_.append(static_cast<std::size_t>(2 * depth_), ' ');
  text_ += text;
  text_ += '\n';
}

void TextWriter::label(std::string_view text) {
  text_.append(static_cast<std::size_t>(2 * depth_ - 1), ' ');
  text_ += text;
  text_ += '\n';
}

void TextWriter::begin(std::string_view open) {
  line(open);
  ++depth_;
}

void TextWriter::end(std::string_view close) {
  --depth_;
  line(close);
}

void TextWriter::at(const SourcePlace& place) { text_ += line_directive(place) + "\n"; }

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + '"';
}

std::string line_directive(const SourcePlace& place) {
  return "#line " + std::to_string(place.line) + " " + quoted(place.shown_file);
}

}  // namespace ray::compiler
