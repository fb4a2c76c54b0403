// NumberLiteral takes a number as written apart: its sign, its value, the unit behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ray::compiler {

struct NumberLiteral {
  bool negative = false;
  bool whole = true;  // written without a fraction or an exponent
  bool too_large = false;
  double value = 0;           // without the sign
  std::uint64_t integer = 0;  // the same, where whole
  std::string unit;
};

// Decimal numbers only, with C++'s digit separators; none where `written` is no such thing.
std::optional<NumberLiteral> parse_number_literal(std::string_view written);

}  // namespace ray::compiler
