#include "runtime/ipc/unix_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

namespace ray::ipc {
namespace {

constexpr std::int64_t kSoonNs = 1'000'000;
constexpr std::int64_t kLongNs = 30'000'000'000;

class UnixSocketTest : public testing::Test {
 protected:
  UnixSocketTest() {
    auto pair = UnixSocket::pair().value();
    left_ = std::make_unique<UnixSocket>(std::move(pair.first));
    right_ = std::make_unique<UnixSocket>(std::move(pair.second));
  }
  std::unique_ptr<UnixSocket> left_;
  std::unique_ptr<UnixSocket> right_;
};

TEST_F(UnixSocketTest, MessagesKeepTheirBounds) {
  ASSERT_TRUE(left_->try_send("one").ok());
  ASSERT_TRUE(left_->try_send("").ok());
  ASSERT_TRUE(left_->try_send(std::string("t\0o", 3)).ok());
  EXPECT_EQ(right_->try_receive()->bytes, "one");
  EXPECT_EQ(right_->try_receive()->bytes, "");
  EXPECT_EQ(right_->try_receive()->bytes, std::string("t\0o", 3));
  EXPECT_TRUE(absl::IsDeadlineExceeded(right_->try_receive().status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(right_->receive(kSoonNs).status()));
}

TEST_F(UnixSocketTest, MessagesOfEverySizeUpToTheLimitArrive) {
  for (const std::size_t size : {64u * 1024 - 1, 64u * 1024, 64u * 1024 + 1, 500'000u,
                                 static_cast<unsigned>(kMessageBytesMax)}) {
    const std::string bytes(size, 'b');
    ASSERT_TRUE(left_->send(bytes, {}, kLongNs).ok()) << size;
    const auto message = right_->receive(kLongNs);
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(message->bytes, bytes);
    EXPECT_TRUE(message->fds.empty());
  }
  EXPECT_EQ(left_->try_send(std::string(kMessageBytesMax + 1, 'b')).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(UnixSocketTest, DescriptorsArriveOpenAndCloseOnExec) {
  for (const std::size_t size : {std::size_t{5}, kMessageBytesMax}) {
    const base::UniqueFd file(memfd_create("sent", MFD_CLOEXEC));
    ASSERT_EQ(write(file.get(), "content", 7), 7);
    const std::array fds{file.get(), STDERR_FILENO};
    ASSERT_TRUE(left_->try_send(std::string(size, 'x'), fds).ok());
    const auto message = right_->try_receive();
    ASSERT_TRUE(message.ok()) << message.status();
    ASSERT_EQ(message->fds.size(), 2u);
    std::array<char, 8> content{};
    EXPECT_EQ(pread(message->fds[0].get(), content.data(), 7, 0), 7);
    EXPECT_STREQ(content.data(), "content");
    for (const auto& fd : message->fds) EXPECT_EQ(fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
  }
  EXPECT_FALSE(left_->try_send("", std::array<int, kMessageFdsMax + 1>{}).ok());
}

TEST_F(UnixSocketTest, CloseOfThePeerIsUnavailableAfterWhatItSent) {
  ASSERT_TRUE(left_->try_send("last").ok());
  left_.reset();
  EXPECT_EQ(right_->receive(kLongNs)->bytes, "last");
  EXPECT_TRUE(absl::IsUnavailable(right_->receive(kLongNs).status()));
  EXPECT_TRUE(absl::IsUnavailable(right_->try_send("x")));
}

TEST_F(UnixSocketTest, FullSocketBlocksUntilThePeerReads) {
  const std::string bytes(60'000, 'b');
  int sent = 0;
  while (left_->try_send(bytes).ok()) ++sent;
  EXPECT_GT(sent, 0);
  EXPECT_TRUE(absl::IsDeadlineExceeded(left_->send(bytes, {}, kSoonNs)));
  std::thread reader([&] {
    for (int i = 0; i < sent + 1; ++i) EXPECT_EQ(right_->receive(kLongNs)->bytes.size(), 60'000u);
  });
  EXPECT_TRUE(left_->send(bytes, {}, kLongNs).ok());
  reader.join();
}

TEST_F(UnixSocketTest, ForgedPacketsAreRefused) {
  struct {
    std::uint32_t size, in_file;
    char bytes[8];
  } packet{};
  const auto answer = [&](std::uint32_t size, std::uint32_t in_file, std::size_t length) {
    packet.size = size;
    packet.in_file = in_file;
    EXPECT_EQ(::send(left_->fd(), &packet, length, 0), static_cast<ssize_t>(length));
    return right_->try_receive().status().code();
  };
  EXPECT_EQ(answer(8, 0, sizeof(packet)), absl::StatusCode::kOk);
  EXPECT_EQ(answer(9, 0, sizeof(packet)), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(answer(~0u, 0, sizeof(packet)), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(answer(0, 0, 3), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(answer(8, 1, sizeof(packet)), absl::StatusCode::kInvalidArgument) << "no file attached";
  EXPECT_EQ(answer(0, 2, 8), absl::StatusCode::kInvalidArgument);
}

class UnixListenerTest : public testing::Test {
 protected:
  UnixListenerTest() {
    std::string name = testing::TempDir() + "/unix_socket_test.XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~UnixListenerTest() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(UnixListenerTest, AcceptsConnectionsOfKnownUsers) {
  const std::string path = folder_ + "/socket";
  {
    auto listener = UnixListener::listen(path);
    ASSERT_TRUE(listener.ok()) << listener.status();
    struct stat found;
    ASSERT_EQ(stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u);
    EXPECT_TRUE(absl::IsDeadlineExceeded(listener->try_accept().status()));
    auto client = UnixSocket::connect(path);
    ASSERT_TRUE(client.ok()) << client.status();
    auto server = listener->accept(kLongNs);
    ASSERT_TRUE(server.ok()) << server.status();
    EXPECT_EQ(server->peer()->pid, getpid());
    EXPECT_EQ(server->peer()->uid, getuid());
    ASSERT_TRUE(client->try_send("hello").ok());
    EXPECT_EQ(server->receive(kLongNs)->bytes, "hello");
    EXPECT_FALSE(UnixListener::listen(path).ok()) << "taken";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(absl::IsNotFound(UnixSocket::connect(path).status()));
  EXPECT_FALSE(UnixSocket::connect(std::string(108, 'p')).ok());
}

}  // namespace
}  // namespace ray::ipc
