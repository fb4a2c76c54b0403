#include "file_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <utility>

namespace ray::rayd {

absl::StatusOr<std::unique_ptr<FileLog>> FileLog::open(const std::string& path,
                                                       base::LogLevel least) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
    auto logger = std::make_shared<spdlog::logger>("rayd", std::move(sink));
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::debug);
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %L %v");
    return std::unique_ptr<FileLog>(new FileLog(std::move(logger), least));
  } catch (const spdlog::spdlog_ex& error) {
    return absl::UnavailableError(error.what());
  }
}

FileLog::FileLog(std::shared_ptr<spdlog::logger> logger, base::LogLevel least)
    : Log(least), logger_(std::move(logger)) {}

FileLog::~FileLog() = default;

void FileLog::write(base::LogLevel level, std::string_view text) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                   spdlog::level::warn, spdlog::level::err};
  logger_->log(kLevels[static_cast<std::size_t>(level)],
               spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace ray::rayd
