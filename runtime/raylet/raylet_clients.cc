// Connections: who may speak to the raylet, and how a process becomes known.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"
#include "runtime/raylet/raylet.h"

namespace ray::raylet {
namespace {

constexpr int kConnectionsPerTurn = 16;

base::UniqueFd duplicate(int fd) { return base::UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

}  // namespace

void Raylet::accept_some() {
  for (int i = 0; i < kConnectionsPerTurn; ++i) {
    absl::StatusOr<ipc::UnixSocket> socket = listener_.try_accept();
    if (!socket.ok()) {
      if (!absl::IsDeadlineExceeded(socket.status())) {
        log_.warning("a connection failed: ", socket.status().message());
      }
      return;
    }
    const absl::StatusOr<ipc::PeerCredentials> peer = socket->peer();
    if (!peer.ok() || peer->uid != ::getuid()) {
      log_.warning("refused a connection of another user");
      continue;
    }
    absl::StatusOr<base::UniqueFd> pidfd = ipc::open_pidfd(peer->pid);
    if (!pidfd.ok()) continue;  // it has died meanwhile
    const absl::StatusOr<Process*> process =
        add_process(*std::move(socket), peer->pid, *std::move(pidfd));
    if (!process.ok()) log_.warning("a connection failed: ", process.status().message());
  }
}

absl::StatusOr<Raylet::Process*> Raylet::add_process(ipc::UnixSocket socket, pid_t pid,
                                                     base::UniqueFd pidfd) {
  auto process = std::make_unique<Process>();
  const base::ProcessId id = base::ProcessId::random();
  process->id = id;
  process->pid = pid;
  process->pidfd = std::move(pidfd);
  process->connection = std::make_unique<Connection>(loop_, std::move(socket));
  RAY_RETURN_IF_ERROR(process->connection->start(
      [this, id](ipc::Message message) { return on_message(id, std::move(message)); },
      [this, id](const absl::Status& status) { on_closed(id, status); }));
  RAY_RETURN_IF_ERROR(
      loop_.add(process->pidfd.get(), EPOLLIN, [this, id](std::uint32_t) { on_pidfd(id); }));
  Process* raw = process.get();
  processes_.emplace(id, std::move(process));
  set_timer(*raw, options_.hello_ns,
            [this](Process& silent) { give_up(silent, "it did not say Hello"); });
  return raw;
}

absl::Status Raylet::on_message(base::ProcessId id, ipc::Message message) {
  Process* process = find(id);
  if (process == nullptr) return absl::UnavailableError("it is not known any more");
  if (process->greeted) return on_request(*process, message);
  RAY_ASSIGN_OR_RETURN(const auto hello, ipc::decode_typed<ipc::Hello>(message.bytes));
  absl::Status status = greet(*process, hello, message);
  if (!status.ok()) {
    ipc::Welcome refusal;
    refusal.error = std::string(status.message());
    process->connection->send(refusal);
  }
  return status;
}

void Raylet::on_closed(base::ProcessId id, const absl::Status& status) {
  Process* process = find(id);
  if (process == nullptr || process->gone) return;
  const bool orderly = absl::IsUnavailable(status);
  if (!orderly) {
    log_.warning("process ", process->pid, " (", process->name,
                 ") is disconnected: ", status.message());
  }
  // A worker closes its socket a moment before it ends; one that does not end is ended.
  if (process->kind == ipc::ProcessKind::worker && orderly) {
    set_timer(*process, options_.exit_ns,
              [this](Process& worker) { kill(worker, "it closed its control socket"); });
    return;
  }
  give_up(*process, orderly ? "it closed its control socket"
                            : base::concat("disconnected: ", status.message()));
}

absl::Status Raylet::greet(Process& process, const ipc::Hello& hello, ipc::Message& message) {
  if (hello.version != ipc::kControlVersion) {
    return absl::FailedPreconditionError(
        base::concat("this daemon speaks version ", ipc::kControlVersion,
                     " of the control protocol, the program version ", hello.version));
  }
  process.name = hello.name;
  const bool forked = process.token != 0;
  if (forked != (hello.kind == ipc::ProcessKind::worker)) {
    return absl::InvalidArgumentError("a process of another kind was expected");
  }
  return forked ? greet_worker(process, hello) : greet_driver(process, hello, message);
}

absl::Status Raylet::greet_driver(Process& process, const ipc::Hello& hello,
                                  ipc::Message& message) {
  if (message.fds.size() != 1) return absl::InvalidArgumentError("a driver attaches its program");
  Job job;
  job.id = base::JobId::random();
  job.driver = process.id;
  job.driver_pid = process.pid;
  job.name = hello.name;
  // The first job's files lie where the driver that started the session looks for them.
  job.program.log_folder = options_.session_folder + "/logs";
  if (process.id != owner_) job.program.log_folder += "/" + to_string(job.id);
  for (const std::string& folder : {options_.session_folder + "/logs", job.program.log_folder}) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return base::errno_status(base::concat("create ", folder));
    }
  }
  job.program.executable = std::make_shared<const base::UniqueFd>(std::move(message.fds[0]));
  job.program.arguments = hello.arguments;
  job.program.environment = hello.environment;
  job.program.working_folder = hello.working_folder;
  job.program.registry_hash = hello.registry_hash;
  process.job = job.id;
  process.kind = ipc::ProcessKind::driver;
  job.name_space = hello.name_space.empty() ? to_string(job.id) : hello.name_space;
  RAY_RETURN_IF_ERROR(welcome(process, job));
  log_.info("driver ", process.pid, " (", process.name, ") is job ", to_string(job.id));
  rpc::JobRecord record;
  record.id = job.id;
  record.node = options_.node;
  record.driver = process.id;
  record.name = job.name;
  jobs_.emplace(job.id, std::move(job));
  gcs_.start_job(record, [this](const absl::Status& status) {
    if (!status.ok()) log_.warning("the GCS does not know of a job: ", status.message());
  });
  return absl::OkStatus();
}

absl::Status Raylet::greet_worker(Process& process, const ipc::Hello& hello) {
  const auto job = jobs_.find(process.job);
  if (job == jobs_.end() || job->second.state == Job::State::ending) {
    return absl::FailedPreconditionError("its job has ended");
  }
  if (hello.startup_token != process.token) return absl::InvalidArgumentError("a wrong token");
  if (hello.registry_hash != job->second.program.registry_hash) {
    return absl::FailedPreconditionError(
        "its remote functions differ from the driver's: the two are not one program");
  }
  if (process.name.empty()) process.name = job->second.name;
  RAY_RETURN_IF_ERROR(welcome(process, job->second));
  apply(leases_.worker_registered(process.token, process.id, Clock::now()));
  return absl::OkStatus();
}

absl::Status Raylet::welcome(Process& process, const Job& job) {
  RAY_RETURN_IF_ERROR(store_->register_client(process.id, process.pid));
  const absl::StatusOr<std::uint32_t> index = allocator_.take_process();
  if (!index.ok()) {
    deliver(store_->unregister_client(process.id, base::monotonic_ns()));
    return index.status();
  }
  process.fabric_index = *index;
  process.greeted = true;
  set_timer(process, 0, nullptr);
  ipc::Welcome message;
  message.process = process.id.value;
  message.job = process.job.value;
  message.node = options_.node.value;
  message.fabric_index = process.fabric_index;
  const double cpus = leases_.total().amount(base::kCpu);
  message.cpus = std::max(1u, static_cast<std::uint32_t>(std::ceil(cpus)));
  message.raylet_pid = ::getpid();
  message.name_space = job.name_space;
  message.session_folder = options_.session_folder;
  message.log_folder = job.program.log_folder;
  std::vector<base::UniqueFd> fds;
  fds.push_back(duplicate(fabric_.fd()));
  fds.push_back(duplicate(store_->descriptor()));
  if (!fds[0] || !fds[1]) return base::errno_status("duplicate a descriptor");
  process.connection->send(message, std::move(fds));
  return absl::OkStatus();
}

Raylet::Process* Raylet::find(base::ProcessId id) {
  const auto it = processes_.find(id);
  return it == processes_.end() ? nullptr : it->second.get();
}

void Raylet::deliver(const object_store::StoreHost::Outbox& outbox) {
  for (const auto& [to, message] : outbox) {
    Process* process = find(to);
    if (process == nullptr || process->connection == nullptr) continue;
    process->connection->send_bytes(object_store::encode_packet(message));
  }
  arm_store_timer();
}

}  // namespace ray::raylet
