#include "runtime/object_store/store_messages.h"

#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "runtime/ipc/typed_message.h"

namespace ray::object_store {
namespace {

template <class Variant>
std::string encode_any(const Variant& message) {
  return std::visit([](const auto& typed) { return ipc::encode_typed(typed); }, message);
}

template <class M, class Variant>
bool decode_one(std::string_view packet, absl::StatusOr<Variant>& decoded) {
  if (ipc::type_of(packet) != static_cast<std::uint16_t>(M::kType)) return false;
  absl::StatusOr<M> message = ipc::decode_typed<M>(packet);
  if (message.ok()) {
    decoded = Variant(*std::move(message));
  } else {
    decoded = message.status();
  }
  return true;
}

template <class... M>
absl::StatusOr<std::variant<M...>> decode_any(std::string_view packet,
                                              std::type_identity<std::variant<M...>>) {
  absl::StatusOr<std::variant<M...>> decoded =
      absl::InvalidArgumentError("not a message of the object store");
  (decode_one<M>(packet, decoded) || ...);
  return decoded;
}

}  // namespace

std::string encode_packet(const ClientMessage& message) { return encode_any(message); }
std::string encode_packet(const HostMessage& message) { return encode_any(message); }

absl::StatusOr<ClientMessage> decode_client_packet(std::string_view packet) {
  return decode_any(packet, std::type_identity<ClientMessage>());
}
absl::StatusOr<HostMessage> decode_host_packet(std::string_view packet) {
  return decode_any(packet, std::type_identity<HostMessage>());
}

}  // namespace ray::object_store
