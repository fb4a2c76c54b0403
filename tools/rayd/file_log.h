// FileLog writes a daemon's log to a file, a line a message, each flushed at once.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/base/log.h"

namespace spdlog {
class logger;
}

namespace ray::rayd {

class FileLog final : public base::Log {
 public:
  static absl::StatusOr<std::unique_ptr<FileLog>> open(const std::string& path,
                                                       base::LogLevel least);
  ~FileLog() override;
  void write(base::LogLevel level, std::string_view text) override;

 private:
  FileLog(std::shared_ptr<spdlog::logger> logger, base::LogLevel least);

  const std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace ray::rayd
