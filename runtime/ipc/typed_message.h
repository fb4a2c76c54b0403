// A typed message is a message's kType, 16 bits little-endian, and its fields behind it: the form
// of everything in control_messages.h, zygote_messages.h and store_messages.h.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "runtime/base/wire.h"

namespace ray::ipc {

template <class M>
std::string encode_typed(const M& message) {
  base::Encoder encoder;
  encoder.put(M::kType);
  encoder.put(message);
  return std::move(encoder).take();
}

// 0, which no message has, where there are not even two bytes.
inline std::uint16_t type_of(std::string_view bytes) {
  std::uint16_t type = 0;
  if (bytes.size() >= sizeof type) std::memcpy(&type, bytes.data(), sizeof type);
  return type;
}

// InvalidArgument where `bytes` are another message, or none.
template <class M>
absl::StatusOr<M> decode_typed(std::string_view bytes) {
  if (type_of(bytes) != static_cast<std::uint16_t>(M::kType)) {
    return absl::InvalidArgumentError("a message of another type");
  }
  return base::decode<M>(bytes.substr(sizeof(std::uint16_t)));
}

}  // namespace ray::ipc
