#include "runtime/base/log.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/ids.h"

namespace ray::base {
namespace {

class VectorLog final : public Log {
 public:
  VectorLog() : Log(LogLevel::info) {}
  void write(LogLevel level, std::string_view text) override {
    lines.push_back(concat(to_string(level), " ", text));
  }
  std::vector<std::string> lines;
};

TEST(Log, JoinsArgumentsAndDropsWhatIsBelowItsLevel) {
  VectorLog log;
  log.debug("unseen");
  log.info("node ", NodeId{10}, " has ", 2.5, " ", std::string_view("cores"));
  log.error("gone");
  EXPECT_EQ(log.lines,
            (std::vector<std::string>{"info node 000000000000000a has 2.5 cores", "error gone"}));
}

TEST(Log, StderrLogWritesWholeLines) {
  testing::internal::CaptureStderr();
  StderrLog log;
  log.info("unseen");
  log.warning("low on ", 3, " things");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "ray: warning: low on 3 things\n");
}

TEST(CheckDeathTest, NamesPlaceAndCondition) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(CHECK(1 + 1 == 3), "log_test.cc:[0-9]+: check failed: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace ray::base
