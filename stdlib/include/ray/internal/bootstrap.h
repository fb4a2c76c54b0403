// bootstrap.h is how the composition in `main` tells the library which engines are linked, and
// which one runs.
//
// Threading: installing happens before threads exist; set_engine once in a worker, before its first
// task. Lifetime: bootstraps and engines are never freed.
#pragma once

#include <ray/internal/engine.h>

#include <string>
#include <string_view>

namespace ray::inline v1::internal {

// Makes and ends one kind of engine.
class Bootstrap {
 public:
  virtual ~Bootstrap() = default;
  // What init() does. Throws ray::Error.
  virtual Engine& start(const InitOptions& options) = 0;
  // What shutdown() does. The engine stays in memory; its calls throw from now on.
  virtual void stop(Engine& engine) noexcept = 0;
};

// Offers an engine under a name: "native", "local".
void install_engine(std::string_view name, Bootstrap& bootstrap);

// What InitOptions leaves open, from main, which alone reads the environment.
struct InitDefaults {
  std::string engine;   // RAY_ENGINE; empty: "native", or the only engine there is
  std::string address;  // RAY_ADDRESS
};
void set_init_defaults(InitDefaults defaults);

// Makes `engine` this process's, without init(): what a worker does. Null takes it away.
void set_engine(Engine* engine) noexcept;

}  // namespace ray::inline v1::internal
