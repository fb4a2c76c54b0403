// Conveniences for absl::Status: an errno as a Status, and early return.
#pragma once

#include <cerrno>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ray::base {

// "listen on /run/x: Permission denied", with the code that belongs to errno.
inline absl::Status errno_status(std::string_view what, int error = errno) {
  return absl::ErrnoToStatus(error, absl::string_view(what.data(), what.size()));
}

}  // namespace ray::base

#define RAY_RETURN_IF_ERROR(expression)                             \
  do {                                                              \
    if (absl::Status ray_status = (expression); !ray_status.ok()) { \
      return ray_status;                                            \
    }                                                               \
  } while (false)

#define RAY_CONCAT_INNER(a, b) a##b
#define RAY_CONCAT(a, b) RAY_CONCAT_INNER(a, b)

// RAY_ASSIGN_OR_RETURN(UniqueFd fd, open_it()): declares or assigns, or returns the error.
#define RAY_ASSIGN_OR_RETURN(target, expression) \
  RAY_ASSIGN_OR_RETURN_INNER(RAY_CONCAT(ray_result_, __LINE__), target, expression)
#define RAY_ASSIGN_OR_RETURN_INNER(result, target, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return std::move(result).status();         \
  target = *std::move(result)
