// ControlClient is a process' end of the control socket to its raylet: it sends in order what
// others queue, and hands on what comes.
//
// Threading: queue() may be called under any lock, flush() under none; call() blocks. One thread of
// its own receives, and watches the raylet's pidfd; `handler` is called there, under no lock.
// Failure: when the raylet is gone, or speaks nonsense, `lost` is called once, there too, and every
// call fails.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/typed_message.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/object_store/store_client.h"

namespace ray::core_worker {

class ControlClient final : public object_store::StoreTransport {
 public:
  // `bytes` are a typed message (typed_message.h).
  using Handler = std::function<void(std::string_view bytes)>;
  using Lost = std::function<void(std::string reason)>;

  explicit ControlClient(base::UniqueFd socket) : socket_(std::move(socket)) {}
  ~ControlClient() override { stop(); }

  // Says Hello and waits for Welcome; `fds` receives the fabric's and the store's.
  absl::StatusOr<ipc::Welcome> greet(const ipc::Hello& hello, int executable,
                                     std::int64_t timeout_ns, std::vector<base::UniqueFd>& fds);
  void start(Handler handler, Lost lost);
  void stop();

  template <class M>
  void queue(const M& message) {
    queue_bytes(ipc::encode_typed(message));
  }
  void flush();

  // Sends `message` with a request number of its own and waits for the answer that repeats it.
  template <class Answer, class M>
  absl::StatusOr<Answer> call(M message, std::int64_t deadline_ns) {
    message.request = next_request_.fetch_add(1, std::memory_order_relaxed);
    auto bytes = call_bytes(message.request, ipc::encode_typed(message), deadline_ns);
    if (!bytes.ok()) return bytes.status();
    return ipc::decode_typed<Answer>(*bytes);
  }
  std::uint64_t next_request() { return next_request_.fetch_add(1, std::memory_order_relaxed); }

  absl::StatusOr<object_store::HostMessage> call(object_store::LeaseArena message,
                                                 std::int64_t deadline_ns) override;
  void post(object_store::ClientMessage message) override;

 private:
  struct Call {
    bool done = false;
    absl::StatusOr<std::string> answer = absl::UnavailableError("the raylet is gone");
  };

  void queue_bytes(std::string bytes);
  absl::StatusOr<std::string> call_bytes(std::uint64_t request, std::string bytes,
                                         std::int64_t deadline_ns);
  void receive_loop();
  bool receive_all();
  bool answer_call(std::string_view bytes);
  void fail_calls();

  ipc::UnixSocket socket_;
  base::UniqueFd raylet_;  // pidfd
  base::UniqueFd wake_;    // eventfd: stop
  Handler handler_;
  Lost lost_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> next_request_{1};

  std::mutex send_mutex_;  // held while sending: keeps the order
  std::mutex mutex_;
  std::vector<std::string> outbox_;  // guarded by mutex_, as all below
  std::atomic<bool> outbox_filled_{false};
  absl::flat_hash_map<std::uint64_t, Call*> calls_;
  std::condition_variable answered_;
  bool gone_ = false;
};

}  // namespace ray::core_worker
