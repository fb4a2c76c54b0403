// concat joins values into a string, as absl::StrCat does, and takes std::string_view and whatever
// has a to_string() besides. (Debian's absl has a string_view of its own.)
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "absl/strings/str_cat.h"

namespace ray::base {
namespace internal {

template <class T>
decltype(auto) text_piece(const T& value) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return absl::string_view(value.data(), value.size());
  } else if constexpr (requires { to_string(value); }) {
    return to_string(value);
  } else {
    return (value);
  }
}

}  // namespace internal

template <class... Args>
std::string concat(const Args&... args) {
  return absl::StrCat(internal::text_piece(args)...);
}

}  // namespace ray::base
