#include "runtime/core_worker/native_engine.h"

#include <ray/cluster.h>
#include <ray/error.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/base/ids.h"
#include "runtime/base/status.h"
#include "runtime/core_worker/actor_client.h"
#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/call_plan.h"
#include "runtime/core_worker/control_client.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/lease_client.h"
#include "runtime/core_worker/oversized_records.h"
#include "runtime/core_worker/peer_service.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/core_worker/reference_table.h"
#include "runtime/core_worker/stream_reader.h"
#include "runtime/core_worker/task_submitter.h"
#include "runtime/core_worker/value_reader.h"

namespace ray::core_worker {
namespace {

constexpr std::int64_t kCallTimeoutNs = 30'000'000'000;

std::string text_of(const internal::ObjectId& id) {
  return id.owner == 0 ? std::string()
                       : to_string(base::ObjectId{base::ProcessId{id.owner}, id.sequence, id.slot});
}

}  // namespace

class NativeEngine::Impl {
 public:
  explicit Impl(NativeOptions options_in)
      : options(std::move(options_in)), control(std::move(options.control)) {}

  absl::Status connect(NativeEngine& engine);
  void receive(std::string_view bytes);
  void disconnect();
  ipc::ClusterState query();

  NativeOptions options;
  ControlClient control;
  std::unique_ptr<Core> core;
  FunctionTable functions;
  std::unique_ptr<TaskSubmitter> submitter;
  std::unique_ptr<ValueReader> reader;
  std::once_flag ended;

  std::mutex mutex;
  std::condition_variable changed;
  bool disconnected = false;  // guarded by mutex
};

absl::Status NativeEngine::Impl::connect(NativeEngine& engine) {
  std::vector<base::UniqueFd> fds;
  RAY_ASSIGN_OR_RETURN(ipc::Welcome welcome, control.greet(options.hello, options.executable.get(),
                                                           options.connect_timeout.count(), fds));
  RAY_ASSIGN_OR_RETURN(ipc::Fabric fabric, ipc::Fabric::map(std::move(fds[0])));
  ipc::ProcessEntry* self = fabric.process(welcome.fabric_index);
  if (self == nullptr) return absl::InternalError("the raylet gave no place in the fabric");
  core = std::make_unique<Core>(engine, *options.log, control, std::move(welcome),
                                std::move(fabric), *self);
  core->notice = options.notice;
  RAY_ASSIGN_OR_RETURN(
      core->store, object_store::StoreClient::attach(
                       fds[1].get(), {.process = base::ProcessId{core->welcome.process}}, control));
  core->references = std::make_unique<ReferenceTable>(*core);
  core->peers = std::make_unique<PeerService>(*core);
  core->oversized = std::make_unique<OversizedRecords>(*core);
  core->streams = std::make_unique<StreamReader>(*core);
  core->leases = std::make_unique<LeaseClient>(*core, functions);
  core->actors = std::make_unique<ActorClient>(*core);
  core->leader = std::make_unique<ProgressLeader>(*core);
  core->executor = std::make_unique<CallExecutor>(
      *core, CallRunner::Options{options.find_function, options.show_gpus, options.marks_output});
  submitter = std::make_unique<TaskSubmitter>(*core, functions);
  reader = std::make_unique<ValueReader>(*core);
  control.start([this](std::string_view bytes) { receive(bytes); },
                [this](std::string reason) {
                  core->go_down(std::move(reason));
                  std::lock_guard lock(mutex);
                  disconnected = true;
                  changed.notify_all();
                });
  core->leader->start();
  return absl::OkStatus();
}

// On the control client's thread.
void NativeEngine::Impl::receive(std::string_view bytes) {
  const std::uint16_t type = ipc::type_of(bytes);
  if (type == static_cast<std::uint16_t>(ipc::MessageType::disconnected)) {
    std::lock_guard lock(mutex);
    disconnected = true;
    changed.notify_all();
    return;
  }
  if (type >= static_cast<std::uint16_t>(ipc::MessageType::store_first) &&
      type <= static_cast<std::uint16_t>(ipc::MessageType::store_last)) {
    if (auto reclaim = ipc::decode_typed<object_store::ReclaimArena>(bytes); reclaim.ok()) {
      core->store->handle(*reclaim);
    } else if (auto leased = ipc::decode_typed<object_store::ArenaLeased>(bytes); leased.ok()) {
      core->store->handle(*leased);
    }
    core->control.flush();
    return;
  }
  core->receive(std::string(bytes));
}

void NativeEngine::Impl::disconnect() {
  if (submitter == nullptr) return;  // never connected
  // A forked child has none of the threads, and the socket is its parent's.
  if (!core->usable() && !core->is_down()) return;
  const bool orderly = options.hello.kind == ipc::ProcessKind::driver && !core->is_down();
  core->go_down("ray has been shut down");
  if (orderly) {
    control.queue(ipc::Disconnect{});
    control.flush();
    std::unique_lock lock(mutex);
    changed.wait_for(lock, options.shutdown_timeout, [&] { return disconnected; });
  }
  core->leader->stop();
  control.stop();
}

ipc::ClusterState NativeEngine::Impl::query() {
  core->require_usable();
  auto state =
      control.call<ipc::ClusterState>(ipc::QueryCluster{}, base::monotonic_ns() + kCallTimeoutNs);
  if (!state.ok()) {
    internal::throw_error(internal::ErrorKind::error, std::string(state.status().message()));
  }
  return *std::move(state);
}

absl::StatusOr<std::unique_ptr<NativeEngine>> NativeEngine::connect(NativeOptions options) {
  std::unique_ptr<NativeEngine> engine(
      new NativeEngine(std::make_unique<Impl>(std::move(options))));
  RAY_RETURN_IF_ERROR(engine->impl_->connect(*engine));
  return engine;
}

NativeEngine::NativeEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

NativeEngine::~NativeEngine() { shutdown(); }

const ipc::Welcome& NativeEngine::welcome() const { return impl_->core->welcome; }

void NativeEngine::run_worker() { impl_->core->executor->run(); }

void NativeEngine::shutdown() {
  std::call_once(impl_->ended, [this] { impl_->disconnect(); });
}

internal::Buffer NativeEngine::allocate(std::size_t bytes) {
  impl_->core->require_usable();
  auto extent = impl_->core->store->allocate(bytes);
  if (!extent.ok()) {
    impl_->core->require_usable();
    internal::throw_error(internal::ErrorKind::object_store_full,
                          std::string(extent.status().message()));
  }
  return {.data = extent->data, .size = bytes, .token = extent->offset};
}

void NativeEngine::abandon(internal::Buffer buffer) noexcept {
  if (!impl_->core->usable()) return;
  impl_->core->store->abandon({.data = buffer.data, .length = buffer.size, .offset = buffer.token});
  impl_->control.flush();
}

internal::ObjectCell* NativeEngine::put(internal::Buffer filled, internal::Cells nested) {
  return impl_->submitter->put(filled, nested);
}

internal::ObjectCell* NativeEngine::put(std::span<const std::byte> bytes, internal::Cells nested) {
  return impl_->submitter->put(bytes, nested);
}

internal::Value NativeEngine::get(internal::ObjectCell& cell, const internal::Deadline& deadline) {
  return impl_->reader->get(cell, deadline);
}

void NativeEngine::wait(internal::Cells cells, std::size_t num_ready,
                        const internal::Deadline& deadline, bool, std::span<bool> ready) {
  impl_->reader->wait(cells, num_ready, deadline, ready);
}

void NativeEngine::when_ready(internal::ObjectCell& cell, std::function<void()> done) {
  impl_->reader->when_ready(cell, std::move(done));
}

void NativeEngine::release(internal::ObjectCell& cell) noexcept {
  if (impl_->core->usable()) impl_->core->references->release(cell);
}

void NativeEngine::submit(const internal::Submission& call,
                          std::span<internal::ObjectCell*> returns) {
  impl_->submitter->submit(call, returns);
}

internal::ObjectCell* NativeEngine::next_item(internal::ObjectCell& stream,
                                              const internal::Deadline& deadline) {
  return impl_->core->streams->next(stream, deadline);
}

void NativeEngine::close_stream(internal::ObjectCell& stream) noexcept {
  impl_->core->streams->close(stream);
}

internal::ObjectCell* NativeEngine::create_actor(const internal::Submission& constructor) {
  return impl_->submitter->create_actor(constructor);
}

internal::FoundActor NativeEngine::find_actor(std::string_view name, std::string_view name_space) {
  return impl_->submitter->find_actor(name, name_space);
}

void NativeEngine::kill(internal::ObjectCell& actor, bool no_restart) {
  impl_->core->require_usable();
  CoreLock lock(*impl_->core);
  impl_->core->actors->kill(actor.id, no_restart);
}

void NativeEngine::cancel(internal::ObjectCell& result, bool force) {
  impl_->submitter->cancel(result, force);
}

void NativeEngine::exit_actor() { impl_->core->executor->exit_actor(); }

std::vector<Node> NativeEngine::nodes() {
  std::vector<Node> nodes;
  for (ipc::NodeState& state : impl_->query().nodes) {
    nodes.push_back({.id = std::move(state.id),
                     .address = std::move(state.address),
                     .alive = state.alive,
                     .resources = std::move(state.resources),
                     .labels = std::move(state.labels)});
  }
  return nodes;
}

std::map<std::string, double> NativeEngine::cluster_resources() { return impl_->query().total; }

std::map<std::string, double> NativeEngine::available_resources() {
  return impl_->query().available;
}

RuntimeContext NativeEngine::runtime_context() {
  impl_->core->require_usable();
  const ipc::Welcome& welcome = impl_->core->welcome;
  const CallExecutor::Running running = impl_->core->executor->running();
  RuntimeContext context;
  context.job_id = base::to_hex(welcome.job);
  context.node_id = base::to_hex(welcome.node);
  context.worker_id = base::to_hex(welcome.process);
  context.task_id = text_of(running.task);
  context.actor_id = text_of(running.actor);
  context.name_space = welcome.name_space;
  context.was_restarted = running.was_restarted;
  context.gpu_ids = running.gpu_ids;
  return context;
}

}  // namespace ray::core_worker
