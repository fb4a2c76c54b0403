#include "runtime/raylet/raylet.h"

#include <utility>

#include "runtime/base/clock.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"

namespace ray::raylet {
namespace {

// Address space, not memory: an untouched channel costs nothing.
constexpr ipc::FabricLimits kFabricLimits{.processes = 1024, .channels = 16'384};

// Above the bound of workers there is room for drivers.
scheduling::LeaseTable::Options lease_options(const base::ResourceSet& resources) {
  scheduling::LeaseTable::Options options = scheduling::LeaseTable::options_for(resources);
  options.workers_max = kFabricLimits.processes - 64;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Raylet>> Raylet::create(ipc::EventLoop& loop, base::Log& log,
                                                       rpc::Gcs& gcs, const Options& options) {
  RAY_ASSIGN_OR_RETURN(ipc::Fabric fabric, ipc::Fabric::create(kFabricLimits));
  RAY_ASSIGN_OR_RETURN(std::unique_ptr<object_store::StoreHost> store,
                       object_store::StoreHost::create(options.store));
  RAY_ASSIGN_OR_RETURN(ipc::UnixListener listener,
                       ipc::UnixListener::listen(options.session_folder + "/raylet.sock"));
  std::unique_ptr<Raylet> raylet(new Raylet(loop, log, gcs, options, std::move(fabric),
                                            std::move(store), std::move(listener)));
  RAY_RETURN_IF_ERROR(raylet->start());
  return raylet;
}

Raylet::Raylet(ipc::EventLoop& loop, base::Log& log, rpc::Gcs& gcs, const Options& options,
               ipc::Fabric fabric, std::unique_ptr<object_store::StoreHost> store,
               ipc::UnixListener listener)
    : options_(options),
      loop_(loop),
      log_(log),
      gcs_(gcs),
      fabric_(std::move(fabric)),
      allocator_(fabric_),
      store_(std::move(store)),
      listener_(std::move(listener)),
      leases_(lease_options(options.resources)),
      actors_(gcs, options.node, actor_events()),
      zygotes_(loop, log, ZygotePool::Options{},
               ZygotePool::Events{
                   .started = [this](ZygotePool::Worker w) { on_worker_started(std::move(w)); },
                   .failed =
                       [this](scheduling::StartupToken token, const std::string& reason) {
                         log_.warning("a worker did not start: ", reason);
                         apply(leases_.start_failed(token, reason, Clock::now()));
                       },
                   .exited = [this](base::JobId job, pid_t pid,
                                    int status) { on_worker_exited(job, pid, status); },
                   .refused = [this](base::JobId job,
                                     const std::string& cause) { tell_refusal(job, cause); }}) {}

Raylet::~Raylet() {
  loop_.remove(listener_.fd());
  if (lease_timer_) loop_.cancel(*lease_timer_);
  if (store_timer_) loop_.cancel(*store_timer_);
  for (auto& [id, process] : processes_) {
    if (process->timer) loop_.cancel(*process->timer);
    if (process->pidfd) loop_.remove(process->pidfd.get());
  }
}

absl::Status Raylet::start() {
  RAY_RETURN_IF_ERROR(loop_.add(listener_.fd(), EPOLLIN, [this](std::uint32_t) { accept_some(); }));
  rpc::NodeRecord node;
  node.id = options_.node;
  node.address = options_.address;
  node.resources = leases_.total().to_map();
  node.labels = options_.labels;
  absl::Status registered;
  gcs_.register_node(node, [this](const absl::Status& status) {
    if (!status.ok()) log_.error("this node cannot join the cluster: ", status.message());
  });
  if (options_.report_ns > 0) loop_.run_after(options_.report_ns, [this] { report(); });
  arm_store_timer();
  return absl::OkStatus();
}

absl::Status Raylet::serve_owner(ipc::UnixSocket socket, pid_t pid,
                                 std::function<void()> finished) {
  RAY_ASSIGN_OR_RETURN(base::UniqueFd pidfd, ipc::open_pidfd(pid));
  finished_ = std::move(finished);
  RAY_ASSIGN_OR_RETURN(Process * process, add_process(std::move(socket), pid, std::move(pidfd)));
  owner_ = process->id;
  return absl::OkStatus();
}

void Raylet::child_exited(pid_t pid, int wait_status) {
  if (zygotes_.child_exited(pid, wait_status)) return;
  // A worker whose zygote died before it became a child of this process.
  for (const auto& [id, process] : processes_) {
    if (process->kind == ipc::ProcessKind::worker && process->pid == pid) {
      return on_worker_exited(process->job, pid, wait_status);
    }
  }
}

void Raylet::arm_store_timer() {
  if (store_timer_) loop_.cancel(*store_timer_);
  store_timer_.reset();
  const std::optional<std::int64_t> next_ns = store_->next_tick_ns();
  if (!next_ns) return;
  store_timer_ = loop_.run_after(*next_ns - base::monotonic_ns(), [this] {
    store_timer_.reset();
    deliver(store_->tick(base::monotonic_ns()));
  });
}

void Raylet::report() {
  gcs_.report_node(options_.node, leases_.available().to_map(), [this](const absl::Status& status) {
    if (!status.ok()) log_.warning("the GCS does not take this node's report: ", status.message());
  });
  loop_.run_after(options_.report_ns, [this] { report(); });
}

}  // namespace ray::raylet
