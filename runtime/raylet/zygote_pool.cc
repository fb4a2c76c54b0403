#include "runtime/raylet/zygote_pool.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"
#include "runtime/raylet/exit_cause.h"

namespace ray::raylet {
namespace {

constexpr int kChildSocket = 3;

// The program as a zygote (RAY_ZYGOTE) or as one worker (RAY_WORKER), by the variable's name.
ipc::SpawnOptions spawn_options(const WorkerProgram& program, const char* variable, int socket) {
  ipc::SpawnOptions options;
  options.executable_fd = program.executable->get();
  options.arguments = program.arguments;
  for (const std::string& entry : program.environment) {
    const bool ours = entry.starts_with("RAY_ZYGOTE=") || entry.starts_with("RAY_WORKER=");
    if (!ours) options.environment.push_back(entry);
  }
  options.environment.push_back(base::concat(variable, "=", kChildSocket));
  options.working_folder = program.working_folder;
  options.fds = {{socket, kChildSocket}};
  options.new_session = true;
  options.death_signal = SIGKILL;
  return options;
}

// What the program prints before a worker has files of its own.
base::UniqueFd open_log(const WorkerProgram& program) {
  const std::string path = program.log_folder + "/startup.log";
  return base::UniqueFd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
}

}  // namespace

ZygotePool::ZygotePool(ipc::EventLoop& loop, base::Log& log, const Options& options, Events events)
    : loop_(loop), log_(log), options_(options), events_(std::move(events)) {}

ZygotePool::~ZygotePool() {
  for (auto& [pool, zygote] : zygotes_) {
    if (zygote->deadline) loop_.cancel(*zygote->deadline);
  }
}

void ZygotePool::define(const PoolKey& pool, WorkerProgram program) {
  programs_[pool] = std::move(program);
}

void ZygotePool::start_worker(Token token, const PoolKey& pool) {
  CHECK(programs_.contains(pool));
  if (executed_.contains(pool)) return execute_worker(pool, token);
  std::string reason;
  Zygote* zygote = zygote_of(pool, reason);
  if (zygote == nullptr) return events_.failed(token, reason);
  if (zygote->ready) return request(*zygote, token);
  zygote->waiting.push_back(token);
}

ZygotePool::Zygote* ZygotePool::zygote_of(const PoolKey& pool, std::string& reason) {
  const auto found = zygotes_.find(pool);
  if (found != zygotes_.end()) return found->second.get();
  const WorkerProgram& program = programs_.at(pool);
  absl::StatusOr<std::pair<ipc::UnixSocket, ipc::UnixSocket>> ends = ipc::UnixSocket::pair();
  if (!ends.ok()) {
    reason = std::string(ends.status().message());
    return nullptr;
  }
  ipc::SpawnOptions options = spawn_options(program, "RAY_ZYGOTE", ends->second.fd());
  const base::UniqueFd log = open_log(program);
  if (log) options.fds.insert(options.fds.end(), {{log.get(), 1}, {log.get(), 2}});
  absl::StatusOr<ipc::ChildProcess> process = ipc::spawn(options);
  if (!process.ok()) {
    reason = base::concat("its program cannot be started: ", process.status().message());
    return nullptr;
  }
  auto zygote = std::make_unique<Zygote>();
  zygote->pool = pool;
  zygote->process = *std::move(process);
  zygote->connection = std::make_unique<Connection>(loop_, std::move(ends->first));
  sessions_[zygote->process.pid] = pool.job;
  Zygote* raw = zygote.get();
  zygotes_[pool] = std::move(zygote);
  const absl::Status started = raw->connection->start(
      [this, raw](ipc::Message message) { return on_message(*raw, std::move(message)); },
      [this, raw](const absl::Status& status) {
        fail(*raw, absl::IsUnavailable(status) ? "" : std::string(status.message()));
      });
  if (!started.ok()) fail(*raw, std::string(started.message()));
  watch_silence(*raw);
  log_.info("zygote ", raw->process.pid, " starts");
  return raw;
}

void ZygotePool::request(Zygote& zygote, Token token) {
  absl::StatusOr<std::pair<ipc::UnixSocket, ipc::UnixSocket>> ends = ipc::UnixSocket::pair();
  if (!ends.ok()) return events_.failed(token, std::string(ends.status().message()));
  std::vector<base::UniqueFd> attached;
  attached.emplace_back(::fcntl(ends->second.fd(), F_DUPFD_CLOEXEC, 0));
  if (!attached[0]) return events_.failed(token, "no descriptor is left");
  zygote.requested.emplace(token, std::move(ends->first));
  zygote.connection->send(ipc::ForkWorker{.startup_token = token,
                                          .raylet_pid = ::getpid(),
                                          .log_folder = programs_.at(zygote.pool).log_folder},
                          std::move(attached));
  if (!zygote.deadline) watch_silence(zygote);
}

absl::Status ZygotePool::on_message(Zygote& zygote, ipc::Message message) {
  absl::Status status;
  switch (static_cast<ipc::ZygoteMessageType>(ipc::type_of(message.bytes))) {
    case ipc::ZygoteMessageType::zygote_ready: {
      RAY_ASSIGN_OR_RETURN(auto ready, ipc::decode_typed<ipc::ZygoteReady>(message.bytes));
      status = on_ready(zygote, ready);
      break;
    }
    case ipc::ZygoteMessageType::worker_forked: {
      RAY_ASSIGN_OR_RETURN(auto forked, ipc::decode_typed<ipc::WorkerForked>(message.bytes));
      status = on_forked(zygote, forked, std::move(message));
      break;
    }
    case ipc::ZygoteMessageType::worker_exited: {
      RAY_ASSIGN_OR_RETURN(auto exited, ipc::decode_typed<ipc::WorkerExited>(message.bytes));
      events_.exited(zygote.pool.job, exited.pid, exited.wait_status);
      return absl::OkStatus();
    }
    default:
      return absl::InvalidArgumentError("it sent a message that no zygote sends");
  }
  if (status.ok()) watch_silence(zygote);
  return status;
}

absl::Status ZygotePool::on_ready(Zygote& zygote, const ipc::ZygoteReady& ready) {
  if (zygote.ending) return absl::OkStatus();
  if (zygote.ready) return absl::InvalidArgumentError("it was ready twice");
  zygote.ready = true;
  if (!ready.refusal.empty()) {
    refuse(zygote, ready.refusal);
    return absl::OkStatus();
  }
  if (ready.registry_hash != programs_.at(zygote.pool).registry_hash) {
    return absl::FailedPreconditionError(
        "its remote functions differ from the driver's: the two are not one program");
  }
  while (!zygote.waiting.empty()) {
    const Token token = zygote.waiting.front();
    zygote.waiting.pop_front();
    request(zygote, token);
  }
  return absl::OkStatus();
}

absl::Status ZygotePool::on_forked(Zygote& zygote, const ipc::WorkerForked& forked,
                                   ipc::Message message) {
  auto requested = zygote.requested.extract(forked.startup_token);
  if (requested.empty()) return absl::InvalidArgumentError("it forked what nobody asked for");
  if (!forked.error.empty()) {
    events_.failed(forked.startup_token, forked.error);
    return absl::OkStatus();
  }
  if (message.fds.size() != 1 || forked.pid <= 1) {
    return absl::InvalidArgumentError("it forked a worker without a pidfd");
  }
  events_.started(Worker{forked.startup_token, zygote.pool,
                         ipc::ChildProcess{forked.pid, std::move(message.fds[0])},
                         std::move(requested.mapped())});
  return absl::OkStatus();
}

// The zygote ends by itself; those who waited for it are executed.
void ZygotePool::refuse(Zygote& zygote, const std::string& cause) {
  executed_.insert(zygote.pool);
  events_.refused(zygote.pool.job, cause);
  const std::deque<Token> waiting = std::exchange(zygote.waiting, {});
  const PoolKey pool = zygote.pool;
  fail(zygote, cause);
  for (Token token : waiting) execute_worker(pool, token);
}

void ZygotePool::execute_worker(const PoolKey& pool, Token token) {
  absl::StatusOr<Worker> worker = try_execute(pool, token);
  if (worker.ok()) {
    events_.started(*std::move(worker));
  } else {
    events_.failed(token,
                   base::concat("its program cannot be started: ", worker.status().message()));
  }
}

absl::StatusOr<ZygotePool::Worker> ZygotePool::try_execute(const PoolKey& pool, Token token) {
  const WorkerProgram& program = programs_.at(pool);
  RAY_ASSIGN_OR_RETURN(auto control, ipc::UnixSocket::pair());
  RAY_ASSIGN_OR_RETURN(auto start, ipc::UnixSocket::pair());
  ipc::SpawnOptions options = spawn_options(program, "RAY_WORKER", start.second.fd());
  const base::UniqueFd log = open_log(program);
  if (log) options.fds.insert(options.fds.end(), {{log.get(), 1}, {log.get(), 2}});
  const ipc::ForkWorker request{
      .startup_token = token, .raylet_pid = ::getpid(), .log_folder = program.log_folder};
  const int attached[] = {control.second.fd()};
  RAY_RETURN_IF_ERROR(start.first.try_send(ipc::encode_typed(request), attached));
  RAY_ASSIGN_OR_RETURN(ipc::ChildProcess process, ipc::spawn(options));
  executed_workers_[process.pid] = pool.job;
  sessions_[process.pid] = pool.job;
  return Worker{token, pool, std::move(process), std::move(control.first)};
}

bool ZygotePool::child_exited(pid_t pid, int wait_status) {
  if (auto worker = executed_workers_.extract(pid)) {
    events_.exited(worker.mapped(), pid, wait_status);
    return true;
  }
  std::unique_ptr<Zygote> zygote = take(pid);
  if (zygote == nullptr) return false;
  if (zygote->connection != nullptr) zygote->connection->drain();  // the last WorkerExited
  const std::string reason =
      base::concat("the zygote of its program ended: ",
                   zygote->failure.empty() ? describe_exit(wait_status) : zygote->failure);
  log_.info("zygote ", pid, ": ", describe_exit(wait_status));
  if (zygote->deadline) loop_.cancel(*zygote->deadline);
  const std::vector<Token> tokens = tokens_of(*zygote);
  Connection::retire(std::move(zygote->connection));
  for (Token token : tokens) events_.failed(token, reason);
  return true;
}

void ZygotePool::end_job(base::JobId job, const std::set<PoolKey>& kept) {
  const auto ends = [&](const PoolKey& pool) { return pool.job == job && !kept.contains(pool); };
  std::vector<Zygote*> doomed;
  for (auto& [pool, zygote] : zygotes_) {
    if (ends(pool)) doomed.push_back(zygote.get());
  }
  for (Zygote* zygote : doomed) fail(*zygote, "its job has ended");
  std::erase_if(executed_, ends);
  std::erase_if(programs_, [&](const auto& entry) { return ends(entry.first); });
}

std::set<pid_t> ZygotePool::children() const {
  std::set<pid_t> pids;
  for (const auto& [pool, zygote] : zygotes_) pids.insert(zygote->process.pid);
  for (const auto& zygote : ending_) pids.insert(zygote->process.pid);
  for (const auto& [pid, job] : executed_workers_) pids.insert(pid);
  return pids;
}

std::set<pid_t> ZygotePool::sessions(base::JobId job) const {
  std::set<pid_t> its;
  for (const auto& [session, of_job] : sessions_) {
    if (of_job == job) its.insert(session);
  }
  return its;
}

// It does not count any more; its tokens fail when it has been reaped.
void ZygotePool::fail(Zygote& zygote, std::string failure) {
  const auto it = zygotes_.find(zygote.pool);
  if (it == zygotes_.end() || it->second.get() != &zygote) return;
  zygote.ending = true;
  zygote.failure = std::move(failure);
  (void)ipc::send_signal(zygote.process.pidfd.get(), SIGKILL);
  ending_.push_back(std::move(it->second));
  zygotes_.erase(it);
}

void ZygotePool::watch_silence(Zygote& zygote) {
  if (zygote.deadline) loop_.cancel(*zygote.deadline);
  zygote.deadline.reset();
  if (zygote.ending || (zygote.ready && zygote.requested.empty())) return;
  zygote.deadline = loop_.run_after(options_.silence_max_ns, [this, &zygote] {
    zygote.deadline.reset();
    fail(zygote, base::concat("it was silent for ", options_.silence_max_ns / 1'000'000'000, " s"));
  });
}

std::vector<ZygotePool::Token> ZygotePool::tokens_of(const Zygote& zygote) const {
  std::vector<Token> tokens(zygote.waiting.begin(), zygote.waiting.end());
  for (const auto& [token, socket] : zygote.requested) tokens.push_back(token);
  return tokens;
}

std::unique_ptr<ZygotePool::Zygote> ZygotePool::take(pid_t pid) {
  for (auto it = zygotes_.begin(); it != zygotes_.end(); ++it) {
    if (it->second->process.pid != pid) continue;
    std::unique_ptr<Zygote> zygote = std::move(it->second);
    zygotes_.erase(it);
    return zygote;
  }
  for (auto it = ending_.begin(); it != ending_.end(); ++it) {
    if ((*it)->process.pid != pid) continue;
    std::unique_ptr<Zygote> zygote = std::move(*it);
    ending_.erase(it);
    return zygote;
  }
  return nullptr;
}

}  // namespace ray::raylet
