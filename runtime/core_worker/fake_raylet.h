// FakeRaylet is a raylet for tests, on a thread of the test's process: it speaks the control
// protocol over socket pairs, hosts a real fabric and a real store, and leases workers that are
// engines on threads of the same process.
//
// Threading: members may be called from any thread; the work is done by the raylet's own.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "runtime/base/unique_fd.h"
#include "runtime/ipc/control_messages.h"
#include "runtime/ipc/event_loop.h"
#include "runtime/ipc/fabric.h"
#include "runtime/ipc/typed_message.h"
#include "runtime/ipc/unix_socket.h"
#include "runtime/object_store/store_host.h"

namespace ray::core_worker {

class FakeRaylet {
 public:
  static constexpr std::int32_t kGpu = 3;  // the one that a lease with GPUs gets

  using StartWorker = std::function<void(base::UniqueFd socket)>;

  // `start_worker` is called on the raylet's thread whenever another worker is needed.
  FakeRaylet(int cpus, StartWorker start_worker);
  ~FakeRaylet();

  // The client's end of a new connection.
  base::UniqueFd connect();
  // Tells everybody that the worker of some lease has died, and hears nothing of it any more.
  void declare_a_worker_dead(const std::string& cause);
  // How many workers may be blocked before no more are started, and they are told.
  void set_blocked_max(int max);
  // Closes all connections, as if it had died itself.
  void close_all();
  std::size_t leases();
  std::uint64_t stored_objects();

 private:
  struct Process {
    bool welcomed = false;
    bool worker = false;
    bool leased = false;
    bool blocked = false;
    std::uint32_t index = 0;
    std::unique_ptr<ipc::UnixSocket> socket;
  };
  struct Lease {
    std::uint64_t owner = 0;
    std::uint64_t worker = 0;
    std::uint32_t channel = 0;
    bool actor = false;
  };
  struct Demand {
    std::uint64_t owner = 0;
    ipc::LeaseDemand demand;
  };
  struct Actor {
    ipc::ActorState state;
    std::set<std::uint64_t> watchers;
    std::int32_t restarts_left = 0;
    std::string name;
  };

  void call(const std::function<void()>& action);  // on the raylet's thread; returns when done
  void add(std::uint64_t id);
  void readable(std::uint64_t id);
  void remove(std::uint64_t id, const std::string& cause);
  void handle(std::uint64_t id, std::string_view bytes);
  void hello(std::uint64_t id, const ipc::Hello& hello);
  void demand(std::uint64_t id, const ipc::LeaseDemand& demand);
  void return_lease(std::uint64_t id, std::uint64_t lease);
  void open_channel(std::uint64_t id, const ipc::OpenChannel& request);
  void change_actor(Actor& actor, ipc::ActorState::State state, const std::string& cause);
  void actor_lost(std::uint64_t worker, const std::string& cause);
  void schedule();
  bool grant(Demand& demand);
  void block(std::uint64_t id);
  int blocked() const;
  void send_store(const object_store::StoreHost::Outbox& outbox);
  template <class M>
  void send(std::uint64_t id, const M& message);

  const int cpus_;
  const StartWorker start_worker_;
  ipc::EventLoop loop_;
  std::unique_ptr<ipc::Fabric> fabric_;
  std::unique_ptr<ipc::FabricAllocator> indices_;
  std::unique_ptr<object_store::StoreHost> store_;
  std::map<std::uint64_t, Process> processes_;
  std::map<std::uint64_t, Lease> leases_;
  std::map<ipc::WireId, Actor> actors_;
  std::deque<Demand> demands_;
  std::uint64_t next_id_ = 1;
  int blocked_max_ = 1'000;
  int starting_ = 0;  // workers that were asked for and have not said Hello
  std::thread thread_;
};

}  // namespace ray::core_worker
