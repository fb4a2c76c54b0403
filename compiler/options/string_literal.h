// StringLiteral turns C++ string literals into their values and back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ray::compiler {

struct BadEscape {
  std::size_t offset = 0;  // of the backslash, in the literal
  std::size_t length = 0;
};

// Appends the value of one literal, "..." or R"(...)", to `value`. Gives the first escape sequence
// that C++ does not know, where there is one.
std::optional<BadEscape> decode_string_literal(std::string_view literal, std::string& value);

// A literal whose value is `value`.
std::string encode_string_literal(std::string_view value);

}  // namespace ray::compiler
