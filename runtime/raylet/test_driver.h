// TestDriver is a driver as a raylet sees one: it starts rayd (or joins one), says Hello, and waits
// for messages with a deadline. A failure ends the process that uses it: CHECK.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/base/resources.h"
#include "runtime/base/session.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/process.h"
#include "runtime/ipc/typed_message.h"
#include "runtime/ipc/unix_socket.h"

namespace ray::raylet {

inline constexpr std::uint64_t kTestRegistryHash = 42;

// A GCS in a process of its own.
class TestGcs {
 public:
  explicit TestGcs(const std::string& parent);
  ~TestGcs();
  const std::string& address() const { return address_; }

 private:
  ipc::ChildProcess daemon_;
  std::string address_;
};

class TestDriver {
 public:
  explicit TestDriver(std::string parent) : parent_(std::move(parent)) {}
  ~TestDriver();

  // `mode` is argv[1] of the test program, which the workers run.
  void start(const std::string& mode, std::vector<std::string> daemon_options);
  void join(const std::string& session_folder, const std::string& mode);

  template <class M>
  void send(const M& message) {
    CHECK(socket_->send(ipc::encode_typed(message), {}, kDeadlineNs).ok());
  }
  void send_bytes(const std::string& bytes) { CHECK(socket_->send(bytes, {}, kDeadlineNs).ok()); }
  // The next message of that type; others wait.
  template <class M>
  M await() {
    std::optional<M> message = find<M>(kDeadlineNs);
    CHECK(message.has_value());
    return *std::move(message);
  }
  // Nothing where the raylet closes before such a message.
  template <class M>
  std::optional<M> find(std::int64_t timeout_ns) {
    for (auto it = unread_.begin(); it != unread_.end(); ++it) {
      if (ipc::type_of(*it) != static_cast<std::uint16_t>(M::kType)) continue;
      M message = ipc::decode_typed<M>(*it).value();
      unread_.erase(it);
      return message;
    }
    const std::int64_t end = base::monotonic_ns() + timeout_ns;
    while (base::monotonic_ns() < end) {
      absl::StatusOr<ipc::Message> message = socket_->receive(end - base::monotonic_ns());
      if (!message.ok()) return std::nullopt;
      if (ipc::type_of(message->bytes) == static_cast<std::uint16_t>(M::kType)) {
        return ipc::decode_typed<M>(message->bytes).value();
      }
      unread_.push_back(std::move(message->bytes));
    }
    return std::nullopt;
  }

  void demand(std::uint32_t scheduling_class, std::uint32_t wanted, std::string_view resources,
              bool actor = false);
  void close() { socket_.reset(); }
  // Whether the daemon that this driver started has ended well, by itself, and its folder is gone.
  bool daemon_ends();

  const ipc::Welcome& welcome() const { return welcome_; }
  std::string session_folder() const { return welcome_.session_folder; }
  pid_t daemon_pid() const { return daemon_.pid; }

  static constexpr std::int64_t kDeadlineNs = 20'000'000'000;

 private:
  void say_hello(const std::string& mode);

  const std::string parent_;
  std::optional<base::Session> session_;
  ipc::ChildProcess daemon_;
  std::optional<ipc::UnixSocket> socket_;
  ipc::Welcome welcome_;
  std::deque<std::string> unread_;
};

}  // namespace ray::raylet
