// What a program of another compiler is linked with: the engine that runs tasks in this process,
// and nothing in front of main. Its workers could not call what its own compiler knows alone.
//
//   clang++ -std=c++20 -I PREFIX/include app.cc PREFIX/lib/ray_local.o PREFIX/lib/libray.a
//   -lpthread
#include <ray/internal/bootstrap.h>
#include <ray/ray.h>

#include <cstdlib>

#include "runtime/local_engine/local_engine.h"

namespace ray::main {
namespace {

[[maybe_unused]] const bool is_installed = [] {
  static auto* const local = new local_engine::LocalBootstrap;  // refs may outlive it
  internal::install_engine("local", *local);
  if (const char* engine = std::getenv("RAY_ENGINE")) {
    internal::set_init_defaults({.engine = engine, .address = ""});
  }
  std::atexit([] { ray::shutdown(); });
  return true;
}();

}  // namespace
}  // namespace ray::main
