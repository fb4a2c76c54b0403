// StoreLoopback is a store whose host and clients are in one process, for tests and benchmarks:
// what the control socket does between processes is a call under a mutex here.
//
// Threading: any. Whoever waits for an answer also ticks the host.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/object_store/store_client.h"
#include "runtime/object_store/store_host.h"

namespace ray::object_store {

class StoreLoopback {
 public:
  explicit StoreLoopback(const StoreHost::Options& options) {
    auto host = StoreHost::create(options);
    CHECK(host.ok());
    host_ = *std::move(host);
  }

  // `process` is also its pid.
  StoreClient& add_client(std::uint64_t process) {
    auto port = std::make_unique<Port>(*this, base::ProcessId{process});
    std::unique_lock lock(mutex_);
    CHECK(host_->register_client({process}, static_cast<std::int32_t>(process)).ok());
    auto client = StoreClient::attach(host_->descriptor(), {.process = {process}}, *port);
    CHECK(client.ok());
    port->client = *std::move(client);
    return *(ports_[{process}] = std::move(port))->client;
  }

  void remove_client(std::uint64_t process) {
    std::unique_lock lock(mutex_);
    const auto port = ports_.extract({process});
    deliver(lock, host_->unregister_client({process}, base::monotonic_ns()));
  }

  StoreUsage usage() {
    std::unique_lock lock(mutex_);
    deliver(lock, host_->tick(base::monotonic_ns()));
    return host_->usage();
  }

  // For a lease, or for the readers of a freed object.
  bool anybody_waits() {
    std::unique_lock lock(mutex_);
    return host_->next_tick_ns().has_value();
  }

  // For calls that StoreLoopback has no name for. Not beside other threads.
  StoreHost& host() { return *host_; }

 private:
  struct Port final : StoreTransport {
    Port(StoreLoopback& loopback, base::ProcessId process) : loopback(loopback), process(process) {}

    absl::StatusOr<HostMessage> call(LeaseArena message, std::int64_t deadline_ns) override {
      return loopback.call(*this, std::move(message), deadline_ns);
    }
    void post(ClientMessage message) override {
      std::unique_lock lock(loopback.mutex_);
      loopback.deliver(lock, loopback.host_->handle(process, message, base::monotonic_ns()));
    }

    StoreLoopback& loopback;
    const base::ProcessId process;
    std::unique_ptr<StoreClient> client;
    std::uint64_t next_request = 1;
    std::map<std::uint64_t, HostMessage> answers;
  };

  absl::StatusOr<HostMessage> call(Port& port, LeaseArena message, std::int64_t deadline_ns) {
    std::unique_lock lock(mutex_);
    const std::uint64_t request = message.request = port.next_request++;
    deliver(lock, host_->handle(port.process, message, base::monotonic_ns()));
    while (true) {
      if (auto answer = port.answers.extract(request)) return std::move(answer.mapped());
      if (base::monotonic_ns() > deadline_ns) return absl::DeadlineExceededError("no answer");
      answered_.wait_for(lock, std::chrono::milliseconds(1));
      deliver(lock, host_->tick(base::monotonic_ns()));
    }
  }

  // Answers are kept for their callers; other messages are handled without the lock.
  void deliver(std::unique_lock<std::mutex>& lock, StoreHost::Outbox outbox) {
    std::vector<std::pair<StoreClient*, HostMessage>> unasked;
    for (auto& [process, message] : outbox) {
      const auto port = ports_.find(process);
      if (port == ports_.end()) continue;
      if (const auto* leased = std::get_if<ArenaLeased>(&message)) {
        port->second->answers[leased->request] = message;
      } else if (const auto* full = std::get_if<StoreFull>(&message)) {
        port->second->answers[full->request] = message;
      } else {
        unasked.emplace_back(port->second->client.get(), message);
      }
    }
    answered_.notify_all();
    if (unasked.empty()) return;
    lock.unlock();
    for (auto& [client, message] : unasked) client->handle(message);
    lock.lock();
  }

  std::mutex mutex_;
  std::condition_variable answered_;
  std::unique_ptr<StoreHost> host_;
  std::map<base::ProcessId, std::unique_ptr<Port>> ports_;
};

}  // namespace ray::object_store
