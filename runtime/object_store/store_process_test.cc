// The store between real processes: the memfd travels over a socket, and SIGKILL is SIGKILL.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/base/wire.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/object_store/store_client.h"
#include "runtime/object_store/store_host.h"

namespace ray::object_store {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::int64_t kPatience = 60'000'000'000;  // ns, before a test is lost
constexpr base::ProcessId kOwner{1};

// The control socket's part in a child.
class SocketTransport final : public StoreTransport {
 public:
  explicit SocketTransport(ipc::UnixSocket& socket) : socket_(socket) {}

  absl::StatusOr<HostMessage> call(LeaseArena message, std::int64_t) override {
    message.request = 1;
    post(message);
    const absl::StatusOr<ipc::Message> answer = socket_.receive(kPatience);
    if (!answer.ok()) return answer.status();
    return decode_host_packet(answer->bytes);
  }
  void post(ClientMessage message) override {
    if (std::holds_alternative<ObjectSealed>(message) && keeps_seals_secret) return;
    CHECK(socket_.send(encode_packet(message), {}, kPatience).ok());
  }

  bool keeps_seals_secret = false;

 private:
  ipc::UnixSocket& socket_;
};

struct ChildSide {
  StoreClient& client;
  SocketTransport& transport;
  ipc::UnixSocket& reports;  // to the test
};

// A child process with a client in it. Ends it when destroyed.
class Child {
 public:
  Child(StoreHost& host, base::ProcessId process, const std::function<bool(ChildSide)>& body)
      : host_(host), process_(process) {
    auto control = ipc::UnixSocket::pair();
    auto reports = ipc::UnixSocket::pair();
    CHECK(control.ok() && reports.ok());
    pid_ = fork();
    CHECK(pid_ >= 0);
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      _exit(run(control->second, reports->second, body) ? 0 : 1);
    }
    control_ = std::make_unique<ipc::UnixSocket>(std::move(control->first));
    reports_ = std::make_unique<ipc::UnixSocket>(std::move(reports->first));
    CHECK(host.register_client(process, pid_).ok());
    const int descriptor = host.descriptor();
    CHECK(control_->send("store", {&descriptor, 1}, kPatience).ok());
  }
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  // Serves its leases until it has reported a location.
  Location report() {
    while (true) {
      serve();
      const absl::StatusOr<ipc::Message> message = reports_->receive(1'000'000);
      if (!message.ok()) {
        CHECK(absl::IsDeadlineExceeded(message.status()));
        continue;
      }
      return base::decode<Location>(message->bytes).value();
    }
  }

  void send_location(Location location) {
    CHECK(reports_->send(base::encode(location), {}, kPatience).ok());
  }

  // Its wait status, after which the host knows that it is gone.
  int end() {
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
      serve();
      usleep(100);
    }
    pid_ = 0;
    serve();
    host_.unregister_client(process_, base::monotonic_ns());
    return status;
  }
  int end_by_kill() {
    kill(pid_, SIGKILL);
    return end();
  }

 private:
  void serve() {
    while (true) {
      const absl::StatusOr<ipc::Message> message = control_->try_receive();
      if (!message.ok()) return;
      const auto request = decode_client_packet(message->bytes);
      CHECK(request.ok());
      for (const auto& [to, answer] : host_.handle(process_, *request, base::monotonic_ns())) {
        if (to == process_) CHECK(control_->send(encode_packet(answer), {}, kPatience).ok());
      }
    }
  }

  bool run(ipc::UnixSocket& control, ipc::UnixSocket& reports,
           const std::function<bool(ChildSide)>& body) const {
    const absl::StatusOr<ipc::Message> hello = control.receive(kPatience);
    if (!hello.ok() || hello->fds.size() != 1) return false;
    SocketTransport transport(control);
    const auto client =
        StoreClient::attach(hello->fds.front().get(), {.process = process_}, transport);
    return client.ok() && body({**client, transport, reports});
  }

  StoreHost& host_;
  const base::ProcessId process_;
  pid_t pid_ = 0;
  std::unique_ptr<ipc::UnixSocket> control_;
  std::unique_ptr<ipc::UnixSocket> reports_;
};

bool tell(const ChildSide& side, const Location& location) {
  return side.reports.send(base::encode(location), {}, kPatience).ok();
}

bool put(const ChildSide& side, char content, std::uint64_t bytes, base::ProcessId owner) {
  const auto extent = side.client.allocate(bytes);
  if (!extent.ok()) return false;
  std::memset(extent->data, content, bytes);
  return tell(side, side.client.seal(*extent, {.owner = owner, .sequence = 1, .slot = 0}));
}

absl::StatusOr<std::span<const std::byte>> pin_told(const ChildSide& side) {
  const absl::StatusOr<ipc::Message> message = side.reports.receive(kPatience);
  if (!message.ok()) return message.status();
  return side.client.pin(base::decode<Location>(message->bytes).value());
}

bool wait_for_ever() {
  while (true) pause();
}

class StoreProcesses : public testing::Test {
 protected:
  void SetUp() override {
    auto host = StoreHost::create({.capacity = 64 * kMiB, .populate_bytes_min = 0});
    ASSERT_TRUE(host.ok()) << host.status();
    host_ = *std::move(host);
    ASSERT_TRUE(host_->register_client(kOwner, getpid()).ok());
  }

  void free(const Location& location) {
    host_->handle(kOwner, FreeObjects{.objects = {location}}, base::monotonic_ns());
  }

  std::unique_ptr<StoreHost> host_;
};

TEST_F(StoreProcesses, OneWritesAndAnotherReads) {
  Child writer(*host_, {2}, [](ChildSide side) { return put(side, 'x', 8 * kMiB, kOwner); });
  const Location location = writer.report();
  Child reader(*host_, {3}, [](ChildSide side) {
    const auto bytes = pin_told(side);
    return bytes.ok() && bytes->size() == 8 * kMiB &&
           std::all_of(bytes->begin(), bytes->end(),
                       [](std::byte byte) { return byte == std::byte{'x'}; });
  });
  reader.send_location(location);
  EXPECT_EQ(reader.end(), 0);
  EXPECT_EQ(writer.end(), 0);
  EXPECT_EQ(host_->usage().objects, 1u);
  free(location);
  EXPECT_EQ(host_->usage().free, 64 * kMiB);
}

TEST_F(StoreProcesses, AResultOutlivesAWorkerThatWasKilledBeforeTheStoreHeardOfIt) {
  Child worker(*host_, {2}, [](ChildSide side) {
    side.transport.keeps_seals_secret = true;
    return put(side, 'r', kMiB, kOwner) && wait_for_ever();
  });
  const Location location = worker.report();
  EXPECT_EQ(host_->usage().objects, 0u);
  EXPECT_TRUE(WIFSIGNALED(worker.end_by_kill()));
  EXPECT_EQ(host_->usage().objects, 1u);
  Child reader(*host_, {3}, [](ChildSide side) {
    const auto bytes = pin_told(side);
    return bytes.ok() && bytes->back() == std::byte{'r'};
  });
  reader.send_location(location);
  EXPECT_EQ(reader.end(), 0);
  free(location);
  EXPECT_EQ(host_->usage().free, 64 * kMiB);
}

TEST_F(StoreProcesses, AKilledReadersPinEndsWithIt) {
  Child writer(*host_, {2}, [](ChildSide side) { return put(side, 'x', kMiB, kOwner); });
  const Location location = writer.report();
  EXPECT_EQ(writer.end(), 0);
  Child reader(*host_, {3}, [](ChildSide side) {
    const auto bytes = pin_told(side);
    return bytes.ok() && tell(side, Location{}) && wait_for_ever();
  });
  reader.send_location(location);
  reader.report();
  free(location);
  EXPECT_EQ(host_->usage().objects, 1u) << "it is being read";
  reader.end_by_kill();
  EXPECT_EQ(host_->usage().free, 64 * kMiB);
}

TEST_F(StoreProcesses, AKilledOwnersObjectsEndWithIt) {
  Child owner(*host_, {2}, [](ChildSide side) {
    return put(side, 'x', 20 * kMiB, {2}) && put(side, 'y', 1000, {2}) &&
           side.client.allocate(kMiB).ok() && tell(side, Location{}) && wait_for_ever();
  });
  for (int i = 0; i < 3; ++i) owner.report();
  EXPECT_EQ(host_->usage().objects, 2u);
  owner.end_by_kill();
  EXPECT_EQ(host_->usage().objects, 0u);
  EXPECT_EQ(host_->usage().free, 64 * kMiB);
}

}  // namespace
}  // namespace ray::object_store
