// type_spelling.h is how a type is spelled where the whole program must agree on it: in the
// registry and in the task graph.
#pragma once

#include <string>
#include <utility>

namespace ray::compiler {

// The names that people know, instead of what the standard library has behind them.
inline std::string with_std_names(std::string type) {
  constexpr std::pair<const char*, const char*> kNames[] = {
      {"std::basic_string<char>", "std::string"},
      {"std::basic_string_view<char>", "std::string_view"}};
  for (const auto& [canonical, known] : kNames) {
    const std::string long_name = canonical;
    for (std::size_t at = 0; (at = type.find(long_name, at)) != std::string::npos;) {
      type.replace(at, long_name.size(), known);
    }
  }
  return type;
}

}  // namespace ray::compiler
