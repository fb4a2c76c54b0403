// Log is where a part of the runtime says what a person may want to read later. `main` makes one
// and hands it down; nothing here knows a logging library.
//
// Threading: write() may be called from any thread.
// Ownership: parts keep a reference; the Log outlives them.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/text.h"

namespace ray::base {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

std::string_view to_string(LogLevel level);

class Log {
 public:
  virtual ~Log() = default;

  virtual void write(LogLevel level, std::string_view text) = 0;
  bool enabled(LogLevel level) const { return level >= least_; }

  // The arguments are joined by concat (text.h), and only where the level is enabled.
  template <class... Args>
  void debug(const Args&... args) {
    write_if(LogLevel::debug, args...);
  }
  template <class... Args>
  void info(const Args&... args) {
    write_if(LogLevel::info, args...);
  }
  template <class... Args>
  void warning(const Args&... args) {
    write_if(LogLevel::warning, args...);
  }
  template <class... Args>
  void error(const Args&... args) {
    write_if(LogLevel::error, args...);
  }

 protected:
  explicit Log(LogLevel least) : least_(least) {}

 private:
  template <class... Args>
  void write_if(LogLevel level, const Args&... args) {
    if (enabled(level)) write(level, concat(args...));
  }

  const LogLevel least_;
};

// One line on stderr a message, in one write, so that lines of several processes do not mix.
class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel least = LogLevel::warning) : Log(least) {}
  void write(LogLevel level, std::string_view text) override;
};

}  // namespace ray::base
