#include "runtime/core_worker/control_client.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/base/status.h"
#include "runtime/ipc/process.h"

namespace ray::core_worker {
namespace {

constexpr std::int64_t kSendTimeoutNs = 10'000'000'000;

// The answers that carry a request number, which is then their first field.
bool has_request(std::uint16_t type) {
  switch (static_cast<ipc::MessageType>(type)) {
    case ipc::MessageType::actor_registered:
    case ipc::MessageType::actor_found:
    case ipc::MessageType::cluster_state:
      return true;
    default:
      break;
  }
  const auto store = static_cast<object_store::StoreMessageType>(type);
  return store == object_store::StoreMessageType::arena_leased ||
         store == object_store::StoreMessageType::store_full;
}

}  // namespace

absl::StatusOr<ipc::Welcome> ControlClient::greet(const ipc::Hello& hello, int executable,
                                                  std::int64_t timeout_ns,
                                                  std::vector<base::UniqueFd>& fds) {
  const std::int64_t deadline = base::monotonic_ns() + timeout_ns;
  const std::span<const int> attached(&executable, executable >= 0 ? 1 : 0);
  RAY_RETURN_IF_ERROR(socket_.send(ipc::encode_typed(hello), attached, timeout_ns));
  RAY_ASSIGN_OR_RETURN(ipc::Message answer, socket_.receive(deadline - base::monotonic_ns()));
  if (ipc::decode_typed<ipc::ExitWorker>(answer.bytes).ok()) {
    return absl::CancelledError("the raylet does not need this worker any more");
  }
  RAY_ASSIGN_OR_RETURN(ipc::Welcome welcome, ipc::decode_typed<ipc::Welcome>(answer.bytes));
  if (!welcome.error.empty()) return absl::FailedPreconditionError(welcome.error);
  if (answer.fds.size() != 2) return absl::InternalError("a Welcome without its descriptors");
  fds = std::move(answer.fds);
  // A raylet in this very process (tests) cannot die without it.
  if (welcome.raylet_pid > 0 && welcome.raylet_pid != ::getpid()) {
    RAY_ASSIGN_OR_RETURN(raylet_, ipc::open_pidfd(welcome.raylet_pid));
  }
  return welcome;
}

void ControlClient::start(Handler handler, Lost lost) {
  handler_ = std::move(handler);
  lost_ = std::move(lost);
  wake_ = base::UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  thread_ = std::thread([this] { receive_loop(); });
}

void ControlClient::stop() {
  if (!thread_.joinable() || thread_.get_id() == std::this_thread::get_id()) return;
  stopping_.store(true);
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) {
    // The counter is full only if a wake-up is pending already.
  }
  thread_.join();
}

void ControlClient::queue_bytes(std::string bytes) {
  std::lock_guard lock(mutex_);
  outbox_.push_back(std::move(bytes));
  outbox_filled_.store(true, std::memory_order_release);
}

void ControlClient::flush() {
  if (!outbox_filled_.load(std::memory_order_acquire)) return;
  std::lock_guard sending(send_mutex_);
  std::vector<std::string> messages;
  {
    std::lock_guard lock(mutex_);
    messages.swap(outbox_);
    outbox_filled_.store(false, std::memory_order_release);
  }
  for (const std::string& message : messages) {
    // A raylet that is gone is noticed by the receiving thread.
    if (!socket_.send(message, {}, kSendTimeoutNs).ok()) return;
  }
}

absl::StatusOr<std::string> ControlClient::call_bytes(std::uint64_t request, std::string bytes,
                                                      std::int64_t deadline_ns) {
  Call call;
  {
    std::lock_guard lock(mutex_);
    if (gone_) return call.answer;
    calls_.emplace(request, &call);
    outbox_.push_back(std::move(bytes));
    outbox_filled_.store(true, std::memory_order_release);
  }
  flush();
  std::unique_lock lock(mutex_);
  const auto left = std::chrono::nanoseconds(deadline_ns - base::monotonic_ns());
  if (!answered_.wait_for(lock, left, [&] { return call.done; })) {
    calls_.erase(request);
    return absl::DeadlineExceededError("the raylet does not answer");
  }
  return std::move(call.answer);
}

absl::StatusOr<object_store::HostMessage> ControlClient::call(object_store::LeaseArena message,
                                                              std::int64_t deadline_ns) {
  message.request = next_request();
  auto bytes = call_bytes(message.request, ipc::encode_typed(message), deadline_ns);
  if (!bytes.ok()) return bytes.status();
  if (auto leased = ipc::decode_typed<object_store::ArenaLeased>(*bytes); leased.ok()) {
    return object_store::HostMessage(*std::move(leased));
  }
  RAY_ASSIGN_OR_RETURN(auto full, ipc::decode_typed<object_store::StoreFull>(*bytes));
  return object_store::HostMessage(std::move(full));
}

void ControlClient::post(object_store::ClientMessage message) {
  std::visit([this](const auto& typed) { queue(typed); }, message);
}

bool ControlClient::answer_call(std::string_view bytes) {
  if (!has_request(ipc::type_of(bytes))) return false;
  base::Decoder decoder(bytes.substr(sizeof(std::uint16_t)));
  std::uint64_t request = 0;
  if (!decoder.get(request)) return false;
  std::lock_guard lock(mutex_);
  const auto entry = calls_.find(request);
  if (entry == calls_.end()) return false;
  Call* call = entry->second;
  calls_.erase(entry);
  call->answer = std::string(bytes);
  call->done = true;
  answered_.notify_all();
  return true;
}

void ControlClient::fail_calls() {
  std::lock_guard lock(mutex_);
  gone_ = true;
  for (auto& [request, call] : calls_) call->done = true;
  calls_.clear();
  answered_.notify_all();
}

bool ControlClient::receive_all() {
  for (;;) {
    absl::StatusOr<ipc::Message> message = socket_.try_receive();
    if (absl::IsDeadlineExceeded(message.status())) return true;
    if (!message.ok()) return false;
    if (!answer_call(message->bytes)) handler_(message->bytes);
  }
}

void ControlClient::receive_loop() {
  std::string reason;
  while (!stopping_.load() && reason.empty()) {
    pollfd watched[3] = {
        {socket_.fd(), POLLIN, 0}, {wake_.get(), POLLIN, 0}, {raylet_.get(), POLLIN, 0}};
    if (::poll(watched, raylet_.get() >= 0 ? 3 : 2, -1) < 0) continue;  // EINTR
    if (watched[0].revents != 0 && !receive_all()) reason = "the raylet closed the connection";
    if (watched[2].revents != 0) {
      receive_all();
      reason = "the raylet of this node has died";
    }
  }
  fail_calls();
  if (!reason.empty() && !stopping_.load()) lost_(std::move(reason));
}

}  // namespace ray::core_worker
