#include "compiler/options/string_literal.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ray::compiler {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_utf8(std::uint32_t point, std::string& value) {
  if (point < 0x80) {
    value += static_cast<char>(point);
    return;
  }
  const int following = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  static constexpr std::array<std::uint32_t, 4> kLead{0, 0xC0, 0xE0, 0xF0};
  value += static_cast<char>(kLead[following] | (point >> (6 * following)));
  for (int i = following - 1; i >= 0; --i) {
    value += static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3F));
  }
}

// Reads up to `digits_max` digits of `base` from the front of `rest`; none where there are none or
// the number is above `max`.
std::optional<std::uint32_t> take_digits(std::string_view& rest, int base, std::size_t digits_max,
                                         std::uint32_t max) {
  std::uint32_t number = 0;
  std::size_t taken = 0;
  for (; taken < digits_max && taken < rest.size(); ++taken) {
    const int digit = hex_digit(rest[taken]);
    if (digit < 0 || digit >= base) break;
    number = number * base + digit;
    if (number > max) return std::nullopt;
  }
  if (taken == 0) return std::nullopt;
  rest.remove_prefix(taken);
  return number;
}

// Decodes one escape sequence, without its backslash, from the front of `rest`.
bool take_escape(std::string_view& rest, std::string& value) {
  static constexpr std::string_view kNames = "\\\"'?abfnrtv";
  static constexpr std::string_view kValues = "\\\"'?\a\b\f\n\r\t\v";
  const char kind = rest.front();
  if (const std::size_t at = kNames.find(kind); at != std::string_view::npos) {
    value += kValues[at];
    rest.remove_prefix(1);
    return true;
  }
  if (kind >= '0' && kind <= '7') {
    const auto byte = take_digits(rest, 8, 3, 0xFF);
    if (byte) value += static_cast<char>(*byte);
    return byte.has_value();
  }
  rest.remove_prefix(1);
  if (kind == 'x') {
    const auto byte = take_digits(rest, 16, rest.size(), 0xFF);
    if (byte) value += static_cast<char>(*byte);
    return byte.has_value();
  }
  if (kind == 'u' || kind == 'U') {
    const std::size_t digits = kind == 'u' ? 4 : 8;
    const std::size_t before = rest.size();
    const auto point = take_digits(rest, 16, digits, 0x10FFFF);
    if (!point || before - rest.size() != digits || (*point >= 0xD800 && *point < 0xE000)) {
      return false;
    }
    append_utf8(*point, value);
    return true;
  }
  return false;
}

}  // namespace

std::optional<BadEscape> decode_string_literal(std::string_view literal, std::string& value) {
  if (literal.starts_with('R')) {
    value += literal.substr(3, literal.size() - 5);  // R"( and )"
    return std::nullopt;
  }
  std::string_view rest = literal.substr(1, literal.size() - 2);
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '\\') {
      value += c;
      continue;
    }
    const std::size_t offset = literal.size() - 1 - rest.size() - 1;
    if (!take_escape(rest, value)) {
      const std::size_t end = literal.size() - 1 - rest.size();
      return BadEscape{offset, std::max<std::size_t>(end - offset, 2)};
    }
  }
  return std::nullopt;
}

std::string encode_string_literal(std::string_view value) {
  std::string literal = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      literal += '\\';
      literal += c;
    } else if (c == '\n') {
      literal += "\\n";
    } else if (c == '\t') {
      literal += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      literal += '\\';
      literal += static_cast<char>('0' + (byte >> 6));
      literal += static_cast<char>('0' + ((byte >> 3) & 7));
      literal += static_cast<char>('0' + (byte & 7));
    } else {
      literal += c;
    }
  }
  return literal + '"';
}

}  // namespace ray::compiler
