#include "compiler/workflow/literal.h"

#include <cstdint>
#include <limits>
#include <optional>

#include "compiler/options/number_literal.h"

namespace ray::compiler::workflow {
namespace {

bool is_list(std::string_view literal) { return literal.starts_with('['); }
bool is_text(std::string_view literal) { return literal.starts_with('"'); }
bool is_truth(std::string_view literal) { return literal == "true" || literal == "false"; }

std::vector<std::string> items_of(std::string_view list) {
  return split_list(list.substr(1, list.size() - 2));
}

std::string described(std::string_view literal) {
  if (is_list(literal)) return "a list";
  if (is_text(literal)) return "the string " + std::string(literal);
  if (is_truth(literal)) return "'" + std::string(literal) + "'";
  return "the number " + std::string(literal);
}

// The largest value of an integer type, and how far below zero it reaches.
struct Range {
  std::uint64_t max = 0;
  std::uint64_t below = 0;
};
template <class T>
constexpr Range range_of() {
  return {static_cast<std::uint64_t>(std::numeric_limits<T>::max()),
          std::numeric_limits<T>::min() == 0
              ? 0
              : static_cast<std::uint64_t>(std::numeric_limits<T>::max()) + 1};
}

Range integer_range(std::string_view type) {
  if (type == "char" || type == "signed char") return range_of<signed char>();
  if (type == "unsigned char") return range_of<unsigned char>();
  if (type == "short") return range_of<short>();
  if (type == "unsigned short") return range_of<unsigned short>();
  if (type == "int") return range_of<int>();
  if (type == "unsigned int") return range_of<unsigned int>();
  if (type.starts_with("unsigned")) return range_of<std::uint64_t>();
  return range_of<std::int64_t>();
}

bool is_in_range(const NumberLiteral& number, std::string_view type) {
  const Range range = integer_range(type);
  return number.whole && !number.too_large &&
         number.integer <= (number.negative ? range.below : range.max);
}

std::optional<NumberLiteral> number_of(std::string_view literal) {
  std::optional<NumberLiteral> number = parse_number_literal(literal);
  if (number && !number->unit.empty()) return std::nullopt;
  return number;
}

// Of what C++ writes for a value of that type: braces, numbers with suffixes.
std::optional<std::string> literal_of(std::string_view written, std::string_view type) {
  if (written.starts_with('{') && written.ends_with('}')) {
    const std::optional<std::string> element = element_of(type);
    const std::vector<std::string> items = split_list(written.substr(1, written.size() - 2));
    if (!element) {
      if (items.size() == 1) return literal_of(items.front(), type);
      return !items.empty()    ? std::nullopt
             : is_string(type) ? std::optional("\"\"")
                               : std::optional(type == "bool" ? "false" : "0");
    }
    std::string list;
    for (const std::string& item : items) {
      const std::optional<std::string> literal = literal_of(item, *element);
      if (!literal) return std::nullopt;
      list += (list.empty() ? "" : ", ") + *literal;
    }
    return "[" + list + "]";
  }
  if (is_text(written)) {
    std::size_t end = 1;
    while (end < written.size() && written[end] != '"') end += written[end] == '\\' ? 2 : 1;
    return end + 1 == written.size() ? std::optional(std::string(written)) : std::nullopt;
  }
  if (is_truth(written)) return std::string(written);
  const std::optional<NumberLiteral> number = parse_number_literal(written);
  if (!number || number->unit.find_first_not_of("uUlLfF") != std::string::npos) return std::nullopt;
  return std::string(written.substr(0, written.size() - number->unit.size()));
}

}  // namespace

std::optional<std::string> default_literal(const LinkedParameter& parameter) {
  std::optional<std::string> literal = literal_of(parameter.default_argument, parameter.type);
  if (literal && !misfit(*literal, parameter.type).empty()) return std::nullopt;
  return literal;
}

std::string misfit(std::string_view literal, std::string_view type) {
  if (is_list(literal)) {
    const std::optional<std::string> element = element_of(type);
    if (!element) return described(literal);
    for (const std::string& item : items_of(literal)) {
      if (const std::string wrong = misfit(item, *element); !wrong.empty()) {
        return "a list with " + wrong;
      }
    }
    return "";
  }
  bool fits = false;
  if (is_text(literal)) {
    fits = is_string(type);
  } else if (is_truth(literal)) {
    fits = type == "bool";
  } else if (const auto number = number_of(literal)) {
    fits = (is_floating(type) && !(number->too_large && !number->whole)) ||
           (is_integer(type) && is_in_range(*number, type));
  }
  return fits ? "" : described(literal);
}

std::string natural_type(std::string_view literal) {
  if (is_text(literal)) return "std::string";
  if (is_truth(literal)) return "bool";
  if (is_list(literal)) {
    const std::vector<std::string> items = items_of(literal);
    const std::string element = items.empty() ? "" : natural_type(items.front());
    return element.empty() ? "" : "std::vector<" + element + ">";
  }
  const std::optional<NumberLiteral> number = number_of(literal);
  if (!number) return "";
  if (!number->whole) return "double";
  return is_in_range(*number, "int") ? "int" : is_in_range(*number, "long") ? "long" : "";
}

std::string literal_expression(std::string_view literal, std::string_view type, CppTypes& types) {
  if (is_text(literal)) {
    types.name(type);
    return std::string(literal) + (type == "std::string_view" ? "sv" : "s");  // keeps zero bytes
  }
  if (is_list(literal)) {
    const std::string element = element_of(type).value_or("");
    std::string items;
    for (const std::string& item : items_of(literal)) {
      items += (items.empty() ? "" : ", ") + literal_expression(item, element, types);
    }
    return types.name("std::vector<" + element + ">") + "{" + items + "}";
  }
  if (is_truth(literal)) return std::string(literal);
  // A whole number may be larger than any integer of C++.
  const auto number = number_of(literal);
  const bool needs_point = is_floating(type) && number && number->whole;
  return "static_cast<" + types.name(type) + ">(" + std::string(literal) +
         (needs_point ? ".0)" : ")");
}

}  // namespace ray::compiler::workflow
