#include "runtime/object_store/store_messages.h"

#include <utility>

#include "absl/status/status.h"
#include "runtime/base/wire.h"

namespace ray::object_store {
namespace {

template <class Variant>
std::string encode_any(const Variant& message) {
  return std::visit(
      [](const auto& alternative) {
        base::Encoder encoder;
        encoder.put(alternative.kType);
        encoder.put(alternative);
        return std::move(encoder).take();
      },
      message);
}

template <class M, class Variant>
bool decode_one(StoreMessageType type, std::string_view body, absl::StatusOr<Variant>& decoded) {
  if (type != M::kType) return false;
  absl::StatusOr<M> message = base::decode<M>(body);
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
  StoreMessageType type{};
  if (!base::Decoder(packet).get(type)) return decoded;
  packet.remove_prefix(sizeof(type));
  (decode_one<M>(type, packet, decoded) || ...);
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
