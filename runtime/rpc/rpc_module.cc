#include "runtime/rpc/rpc_module.h"

#include <utility>

#include "runtime/rpc/gcs_client.h"
#include "runtime/rpc/gcs_server.h"

namespace ray::rpc {
namespace {

class GrpcModule final : public RpcModule {
 public:
  std::unique_ptr<Gcs> connect(const std::string& address, const std::string& token,
                               Post post) override {
    return std::make_unique<GcsClient>(address, token, std::move(post));
  }
  absl::StatusOr<std::unique_ptr<GcsServer>> serve(Gcs& gcs, const std::string& address,
                                                   const std::string& token, Post post) override {
    return GcsServerAdaptor::listen(gcs, address, token, std::move(post));
  }
};

}  // namespace
}  // namespace ray::rpc

extern "C" ray::rpc::RpcModule* ray_rpc_module(std::uint32_t version) {
  static ray::rpc::GrpcModule module;
  return version == ray::rpc::RpcModule::kVersion ? &module : nullptr;
}
