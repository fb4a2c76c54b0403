#include "runtime/base/log.h"

#include <unistd.h>

#include <string>

namespace ray::base {

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "unknown";
}

void StderrLog::write(LogLevel level, std::string_view text) {
  const std::string line = concat("ray: ", to_string(level), ": ", text, "\n");
  // A log that cannot be written has nowhere to say so.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace ray::base
