#include "runtime/main/program.h"

#include <ray/internal/bootstrap.h>
#include <ray/ray.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/local_engine/local_engine.h"
#include "runtime/main/driver.h"
#include "runtime/main/function_table.h"
#include "runtime/main/worker.h"
#include "runtime/main/zygote.h"

namespace ray::main {
namespace {

// Starts and ends the native engine of a driver, one cluster at a time.
class NativeBootstrap final : public internal::Bootstrap {
 public:
  explicit NativeBootstrap(Program program) : program_(std::move(program)) {}

  internal::Engine& start(const InitOptions& options) override {
    driver_ = Driver::start(program_, options);
    process_ = ::getpid();
    return driver_->engine();
  }
  // In a child that user code forked, the threads and the cluster are its parent's.
  void stop(internal::Engine&) noexcept override {
    if (::getpid() == process_) {
      driver_.reset();
    } else {
      (void)driver_.release();
    }
  }

 private:
  const Program program_;
  std::unique_ptr<Driver> driver_;
  pid_t process_ = 0;  // that started it
};

std::string variable(const char* name, std::string_view otherwise = "") {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::string(value) : std::string(otherwise);
}

// The descriptor that the variable names, taken out of the environment: what the program itself
// starts is not to find it there.
std::optional<base::UniqueFd> take_descriptor(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  base::UniqueFd fd(std::atoi(value));
  ::unsetenv(name);
  return fd;
}

Program read_program(int argc, char** argv, char** environment) {
  Program program;
  program.arguments.assign(argv, argv + argc);
  for (char** entry = environment; *entry != nullptr; ++entry) {
    program.environment.emplace_back(*entry);
  }
  program.session_parent = variable("XDG_RUNTIME_DIR", "/tmp");
  program.daemon = variable("RAY_DAEMON");
  return program;
}

}  // namespace

// A user's main has any of main's types; all of them may be called with all three, as libc does.
[[clang::no_sanitize("function")]] int run_program(int argc, char** argv, char** environment,
                                                   UserMain* user_main) {
  if (auto socket = take_descriptor("RAY_ZYGOTE")) {
    std::optional<WorkerStart> start = serve_zygote(*std::move(socket), registry_hash());
    return start ? run_worker(*std::move(start)) : 0;
  }
  if (auto socket = take_descriptor("RAY_WORKER")) {
    std::optional<WorkerStart> start = receive_worker_start(*std::move(socket));
    return start ? run_worker(*std::move(start)) : 1;
  }

  // Leaked: static destructors may still hold refs, and call what these started.
  static auto* const native = new NativeBootstrap(read_program(argc, argv, environment));
  static auto* const local = new local_engine::LocalBootstrap;
  internal::install_engine("native", *native);
  internal::install_engine("local", *local);
  internal::set_init_defaults(
      {.engine = variable("RAY_ENGINE"), .address = variable("RAY_ADDRESS")});
  std::atexit([] { ray::shutdown(); });  // where main returns, and where it calls exit()
  return user_main(argc, argv, environment);
}

}  // namespace ray::main
