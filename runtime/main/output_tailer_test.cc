#include "runtime/main/output_tailer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace ray::main {
namespace {

class OutputTailerTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ray-tailer-XXXXXX";
    folder_ = ::mkdtemp(name);
    ASSERT_EQ(::pipe(out_), 0);
    ASSERT_EQ(::pipe(err_), 0);
  }
  void TearDown() override {
    for (const int fd : {out_[0], out_[1], err_[0], err_[1]}) ::close(fd);
    std::filesystem::remove_all(folder_);
  }
  void append(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::app) << text;
  }
  static std::string shown(const int (&pipe)[2], std::size_t size) {
    std::string text(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t n = ::read(pipe[0], text.data() + have, size - have);
      if (n <= 0) break;
      have += static_cast<std::size_t>(n);
    }
    return text.substr(0, have);
  }

  std::filesystem::path folder_;
  int out_[2];
  int err_[2];
};

TEST_F(OutputTailerTest, PrefixesEachLineWithTaskAndPid) {
  OutputTailer tailer(folder_, out_[1], err_[1]);
  append("worker-12.out", "\x01ray:task retrieve\nhello\nworld\n");
  const std::string expected = "(retrieve pid=12) hello\n(retrieve pid=12) world\n";
  EXPECT_EQ(shown(out_, expected.size()), expected);
}

TEST_F(OutputTailerTest, KeepsStdoutAndStderrApart) {
  OutputTailer tailer(folder_, out_[1], err_[1]);
  append("worker-7.err", "\x01ray:task f\noops\n");
  const std::string expected = "(f pid=7) oops\n";
  EXPECT_EQ(shown(err_, expected.size()), expected);
}

TEST_F(OutputTailerTest, ShowsFilesThatWereThereBefore) {
  append("worker-1.out", "early\n");
  OutputTailer tailer(folder_, out_[1], err_[1]);
  tailer.stop();
  const std::string expected = "(worker pid=1) early\n";
  EXPECT_EQ(shown(out_, expected.size()), expected);
}

TEST_F(OutputTailerTest, ShowsAnUnfinishedLineAtTheEnd) {
  OutputTailer tailer(folder_, out_[1], err_[1]);
  append("worker-1.out", "\x01ray:task f\nno newline");
  tailer.stop();
  const std::string expected = "(f pid=1) no newline\n";
  EXPECT_EQ(shown(out_, expected.size()), expected);
}

TEST_F(OutputTailerTest, SplitsAnUnfinishedLineFromTheNextTasksMarker) {
  append("worker-1.out", "\x01ray:task f\nlast words\x01ray:task g\nfirst words\n");
  OutputTailer tailer(folder_, out_[1], err_[1]);
  tailer.stop();
  const std::string expected = "(f pid=1) last words\n(g pid=1) first words\n";
  EXPECT_EQ(shown(out_, expected.size()), expected);
}

}  // namespace
}  // namespace ray::main
