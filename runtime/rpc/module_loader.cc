#include <dlfcn.h>

#include "absl/status/status.h"
#include "runtime/base/text.h"
#include "runtime/rpc/rpc_module.h"

namespace ray::rpc {

absl::StatusOr<RpcModule*> load_rpc_module(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return absl::UnavailableError(base::concat("load the gRPC module: ", ::dlerror()));
  }
  auto* make = reinterpret_cast<decltype(&ray_rpc_module)>(::dlsym(library, "ray_rpc_module"));
  RpcModule* module = make == nullptr ? nullptr : make(RpcModule::kVersion);
  if (module == nullptr) {
    return absl::FailedPreconditionError(
        base::concat(path, " is not the gRPC module of this version"));
  }
  return module;
}

}  // namespace ray::rpc
