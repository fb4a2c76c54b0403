// RpcModule is all of gRPC, behind one function of a shared library that a daemon loads only when
// it has to speak to another process: linked in, gRPC alone would take 10 MB and seven threads.
//
// Threading: what it makes is used on the caller's loop thread; `Post`, which may be called from
// any thread, brings answers there. Ownership: what it makes goes before the module, which stays
// loaded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/rpc/gcs.h"

namespace ray::rpc {

// Runs a closure on the loop's thread.
using Post = std::function<void(std::function<void()>)>;

class GcsServer {
 public:
  virtual ~GcsServer() = default;
  virtual std::string address() const = 0;  // with the port that was chosen, where 0 was asked for
};

class RpcModule {
 public:
  static constexpr std::uint32_t kVersion = 1;

  virtual ~RpcModule() = default;
  // `token` "" sends none. Connects at the first call; a GCS that comes back is found again.
  virtual std::unique_ptr<Gcs> connect(const std::string& address, const std::string& token,
                                       Post post) = 0;
  // `token` "" accepts everybody, which is refused beyond loopback and unix sockets.
  virtual absl::StatusOr<std::unique_ptr<GcsServer>> serve(Gcs& gcs, const std::string& address,
                                                           const std::string& token, Post post) = 0;
};

// Loads the module from `path`.
absl::StatusOr<RpcModule*> load_rpc_module(const std::string& path);

}  // namespace ray::rpc

// What the shared library exports. Null where it is of another version.
extern "C" __attribute__((visibility("default"))) ray::rpc::RpcModule* ray_rpc_module(
    std::uint32_t version);
