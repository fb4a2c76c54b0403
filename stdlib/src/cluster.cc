#include <ray/cluster.h>
#include <ray/error.h>
#include <ray/internal/bootstrap.h>
#include <ray/internal/engine.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace ray::inline v1 {
namespace internal {
namespace {

// The engine of this process, and how it came to be.
struct Process {
  std::atomic<Engine*> engine{nullptr};
  std::mutex mutex;  // protects what follows
  Bootstrap* started_by = nullptr;
  std::map<std::string, Bootstrap*, std::less<>> bootstraps;
  InitDefaults defaults;
};

Process& process() {
  static auto* process = new Process;  // static refs outlive every destructor
  return *process;
}

Bootstrap& choose(Process& process, const std::string& wanted) {
  std::string name = !wanted.empty() ? wanted : process.defaults.engine;
  if (name.empty()) {
    name = process.bootstraps.size() == 1 ? process.bootstraps.begin()->first : "native";
  }
  auto found = process.bootstraps.find(name);
  if (found != process.bootstraps.end()) return *found->second;
  std::string known;
  for (const auto& [other, bootstrap] : process.bootstraps) known += " '" + other + "'";
  throw_invalid_argument("there is no engine '" + name +
                         "' in this program; there is:" + (known.empty() ? " none" : known));
}

}  // namespace

Engine* engine_or_null() noexcept { return process().engine.load(std::memory_order_acquire); }

Engine& engine() {
  Engine* engine = engine_or_null();
  if (engine == nullptr) throw_error(ErrorKind::error, "call ray::init() first");
  return *engine;
}

void set_engine(Engine* engine) noexcept {
  process().engine.store(engine, std::memory_order_release);
}

void install_engine(std::string_view name, Bootstrap& bootstrap) {
  Process& p = process();
  std::lock_guard lock(p.mutex);
  p.bootstraps.insert_or_assign(std::string(name), &bootstrap);
}

void set_init_defaults(InitDefaults defaults) {
  Process& p = process();
  std::lock_guard lock(p.mutex);
  p.defaults = std::move(defaults);
}

}  // namespace internal

void init(const InitOptions& options) {
  internal::Process& p = internal::process();
  std::lock_guard lock(p.mutex);
  if (internal::engine_or_null() != nullptr) {
    internal::ErrorRecord record;
    record.std_exception = internal::StdException::logic_error;
    record.message = "ray::init() was called before; call ray::shutdown() in between";
    internal::throw_error(std::move(record));
  }
  InitOptions resolved = options;
  if (resolved.address.empty()) resolved.address = p.defaults.address;
  internal::Bootstrap& bootstrap = internal::choose(p, resolved.engine);
  internal::set_engine(&bootstrap.start(resolved));
  p.started_by = &bootstrap;
}

void shutdown() noexcept {
  internal::Process& p = internal::process();
  std::lock_guard lock(p.mutex);
  internal::Engine* engine = internal::engine_or_null();
  if (engine == nullptr || p.started_by == nullptr) return;
  internal::set_engine(nullptr);
  std::exchange(p.started_by, nullptr)->stop(*engine);
}

bool is_initialized() noexcept { return internal::engine_or_null() != nullptr; }

std::vector<Node> nodes() { return internal::engine().nodes(); }
Resources cluster_resources() { return internal::engine().cluster_resources(); }
Resources available_resources() { return internal::engine().available_resources(); }
RuntimeContext runtime_context() { return internal::engine().runtime_context(); }
void exit_actor() { internal::engine().exit_actor(); }

}  // namespace ray::inline v1
