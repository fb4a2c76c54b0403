#include "compiler/options/number_literal.h"

#include <charconv>
#include <system_error>

namespace ray::compiler {

std::optional<NumberLiteral> parse_number_literal(std::string_view written) {
  NumberLiteral number;
  std::string digits;
  for (const char c : written) {
    if (c != '\'') digits += c;
  }
  std::string_view rest = digits;
  if (rest.starts_with('-')) {
    number.negative = true;
    rest.remove_prefix(1);
  }
  const bool other_base = rest.size() > 1 && rest[0] == '0' &&
                          std::string_view("0123456789xXb").find(rest[1]) != std::string_view::npos;
  if (other_base) return std::nullopt;
  const char* end = rest.data() + rest.size();
  const auto [stop, status] = std::from_chars(rest.data(), end, number.value);
  if (status == std::errc::invalid_argument) return std::nullopt;
  number.too_large = status == std::errc::result_out_of_range;
  number.unit.assign(stop, end);
  const std::string_view written_digits(rest.data(), stop);
  number.whole = written_digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (number.whole) {
    const auto whole = std::from_chars(rest.data(), stop, number.integer);
    number.too_large = whole.ec == std::errc::result_out_of_range;
  }
  return number;
}

}  // namespace ray::compiler
