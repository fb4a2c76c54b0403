// ZygotePool turns the decision to start a worker into a process: it runs one zygote for each job
// and runtime environment, and asks it to fork; or executes the program for each worker where it
// cannot be forked.
//
// Threading: the loop's thread, which must be the process' main thread: its children die with it.
// Ownership: the zygotes. Workers are handed over as they come.
// Limits: a zygote that is asked for something and silent for `silence_max_ns` is killed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/base/log.h"
#include "runtime/base/unique_fd.h"
#include "runtime/ipc/event_loop.h"
#include "runtime/ipc/process.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/ipc/zygote_messages.h"
#include "runtime/raylet/connection.h"
#include "runtime/scheduling/worker_pool.h"

namespace ray::raylet {

// How the workers of a pool are started.
struct WorkerProgram {
  std::shared_ptr<const base::UniqueFd> executable;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::string working_folder;
  std::string log_folder;
  std::uint64_t registry_hash = 0;
};

class ZygotePool {
 public:
  using Token = scheduling::StartupToken;
  using PoolKey = scheduling::PoolKey;

  struct Worker {
    Token token = 0;
    PoolKey pool;
    ipc::ChildProcess process;
    ipc::UnixSocket socket;
  };
  // What comes of it. May be called before start_worker() returns.
  struct Events {
    std::function<void(Worker)> started;
    std::function<void(Token, const std::string& reason)> failed;
    std::function<void(base::JobId, pid_t, int wait_status)> exited;
    // From now on the program is executed for each worker.
    std::function<void(base::JobId, const std::string& cause)> refused;
  };
  struct Options {
    std::int64_t silence_max_ns = 10'000'000'000;
  };

  ZygotePool(ipc::EventLoop& loop, base::Log& log, const Options& options, Events events);
  ~ZygotePool();

  // Before the first worker of the pool.
  void define(const PoolKey& pool, WorkerProgram program);
  bool defines(const PoolKey& pool) const { return programs_.contains(pool); }
  void start_worker(Token token, const PoolKey& pool);

  // A child of this process has been reaped. False where it is none of the pool's.
  bool child_exited(pid_t pid, int wait_status);
  // Kills the job's zygotes and forgets their programs, `kept` excepted.
  void end_job(base::JobId job, const std::set<PoolKey>& kept);
  // Zygotes, and workers that were executed.
  std::set<pid_t> children() const;
  // The sessions that the job's processes were started in.
  std::set<pid_t> sessions(base::JobId job) const;

 private:
  struct Zygote {
    PoolKey pool;
    ipc::ChildProcess process;
    std::unique_ptr<Connection> connection;
    bool ready = false;
    std::deque<Token> waiting;                   // until it is ready
    std::map<Token, ipc::UnixSocket> requested;  // our ends of the workers' sockets
    std::optional<ipc::EventLoop::TimerId> deadline;
    bool ending = false;  // killed, not reaped yet
    std::string failure;  // why
  };

  Zygote* zygote_of(const PoolKey& pool, std::string& reason);
  void request(Zygote& zygote, Token token);
  absl::Status on_message(Zygote& zygote, ipc::Message message);
  absl::Status on_ready(Zygote& zygote, const ipc::ZygoteReady& ready);
  absl::Status on_forked(Zygote& zygote, const ipc::WorkerForked& forked, ipc::Message message);
  void execute_worker(const PoolKey& pool, Token token);
  absl::StatusOr<Worker> try_execute(const PoolKey& pool, Token token);
  void refuse(Zygote& zygote, const std::string& cause);
  void fail(Zygote& zygote, std::string failure);
  void watch_silence(Zygote& zygote);
  std::vector<Token> tokens_of(const Zygote& zygote) const;
  std::unique_ptr<Zygote> take(pid_t pid);

  ipc::EventLoop& loop_;
  base::Log& log_;
  const Options options_;
  const Events events_;
  std::map<PoolKey, WorkerProgram> programs_;
  std::map<PoolKey, std::unique_ptr<Zygote>> zygotes_;
  std::vector<std::unique_ptr<Zygote>> ending_;  // killed, not reaped yet
  std::set<PoolKey> executed_;                   // their program refuses to be forked
  std::map<pid_t, base::JobId> executed_workers_;
  std::map<pid_t, base::JobId> sessions_;
};

}  // namespace ray::raylet
