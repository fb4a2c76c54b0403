// NativeEngine runs tasks and actors over the shared memory of a node: it is the Engine of a
// driver, and of a worker, which also runs what other processes send it.
//
// Threading: every member may be called from any thread, except run_worker(), which belongs to the
// worker's main thread. The engine has two threads of its own, and one more once somebody calls
// when_ready() or an actor has max_concurrency > 1.
// Ownership: cells point to their engine and may outlive shutdown(), so whoever made an engine
// leaks it on purpose after shutdown(); only a program without cells may destroy it.
// Failure: when the raylet dies, and after shutdown(), every waiting and later call throws; in a
// child that user code forked as well. Releases do nothing there.
#pragma once

#include <ray/internal/engine.h>
#include <ray/ray.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/log.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/control_messages.h"

namespace ray::core_worker {

struct NativeOptions {
  base::UniqueFd control;     // connected SOCK_SEQPACKET socket to the raylet
  ipc::Hello hello;           // sent as it stands; `hello.kind` says what this process is
  base::UniqueFd executable;  // driver: attached to Hello
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds(10);  // for Welcome
  std::chrono::nanoseconds shutdown_timeout = std::chrono::seconds(5);  // for Disconnected
  // The function registered under a key in this program; null where there is none.
  std::function<internal::FunctionRecord*(std::uint64_t key)> find_function;
  // Worker: makes the process see these GPUs of the node's and no others, or what it saw first, for
  // none; gives their names.
  std::function<std::vector<std::string>(const std::vector<std::int32_t>& ids)> show_gpus;
  base::Log* log = nullptr;                        // required; outlives the engine
  std::function<void(const std::string&)> notice;  // driver: a line for the user's terminal
  bool marks_output = false;  // worker: write "\x01ray:task <name>\n" to stdout and stderr
};

class NativeEngine final : public internal::Engine {
 public:
  // Says Hello and waits for Welcome. Fails with its `error`, or when the deadline has passed.
  static absl::StatusOr<std::unique_ptr<NativeEngine>> connect(NativeOptions options);
  ~NativeEngine() override;

  const ipc::Welcome& welcome() const;

  // Worker: runs what is sent until the raylet says to exit, or is gone. Actors' objects have been
  // destroyed when it returns; static destructors are the caller's to run.
  void run_worker();

  // Ends this process' part: waits for Disconnected (driver), stops the engine's threads. May be
  // called again.
  void shutdown();

  internal::Buffer allocate(std::size_t bytes) override;
  void abandon(internal::Buffer buffer) noexcept override;
  internal::ObjectCell* put(internal::Buffer filled, internal::Cells nested) override;
  internal::ObjectCell* put(std::span<const std::byte> bytes, internal::Cells nested) override;
  internal::Value get(internal::ObjectCell& cell, const internal::Deadline& deadline) override;
  void wait(internal::Cells cells, std::size_t num_ready, const internal::Deadline& deadline,
            bool fetch_local, std::span<bool> ready) override;
  void when_ready(internal::ObjectCell& cell, std::function<void()> done) override;
  void release(internal::ObjectCell& cell) noexcept override;

  void submit(const internal::Submission& call, std::span<internal::ObjectCell*> returns) override;
  internal::ObjectCell* next_item(internal::ObjectCell& stream,
                                  const internal::Deadline& deadline) override;
  void close_stream(internal::ObjectCell& stream) noexcept override;
  internal::ObjectCell* create_actor(const internal::Submission& constructor) override;
  internal::FoundActor find_actor(std::string_view name, std::string_view name_space) override;
  void kill(internal::ObjectCell& actor, bool no_restart) override;
  void cancel(internal::ObjectCell& result, bool force) override;
  [[noreturn]] void exit_actor() override;

  std::vector<Node> nodes() override;
  std::map<std::string, double> cluster_resources() override;
  std::map<std::string, double> available_resources() override;
  RuntimeContext runtime_context() override;

 private:
  class Impl;
  explicit NativeEngine(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace ray::core_worker
