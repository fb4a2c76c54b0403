// Wire is the encoding of control messages between processes: a struct lists its fields and is
// written field by field, little-endian, without tags.
//
//   struct LeaseRequest {
//     JobId job;
//     std::vector<std::string> names;
//     auto fields() { return std::tie(job, names); }
//   };
//   std::string bytes = encode(request);
//   absl::StatusOr<LeaseRequest> back = decode<LeaseRequest>(bytes);
//
// Fields may be integers, bool, enums, double, std::string, std::vector, std::map, std::optional,
// std::pair and structs of these. Both sides are built from one header: there is no versioning.
// Limits: one length is at most 4 GiB - 1. Decoding checks every length against the bytes that are
// there before it allocates, and refuses bytes left over, bools other than 0 and 1, and map keys
// that repeat.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/check.h"

namespace ray::base {

template <class T>
concept WireStruct = requires(T& value) { value.fields(); };

template <class T>
concept WireScalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class Encoder {
 public:
  template <WireScalar T>
  void put(const T& value) {
    static_assert(std::endian::native == std::endian::little);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void put(const std::string& value) {
    put_length(value.size());
    bytes_.append(value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put_length(values.size());
    for (const T& value : values) put(value);
  }
  template <class K, class V, class Less>
  void put(const std::map<K, V, Less>& values) {
    put_length(values.size());
    for (const auto& [key, value] : values) {
      put(key);
      put(value);
    }
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  template <WireStruct T>
  void put(const T& value) {
    // fields() serves decoding too, so it is not const; encoding only reads through it.
    std::apply([&](const auto&... field) { (put(field), ...); }, const_cast<T&>(value).fields());
  }

  std::string take() && { return std::move(bytes_); }

 private:
  void put_length(std::size_t length) {
    CHECK(length <= std::numeric_limits<std::uint32_t>::max());
    put(static_cast<std::uint32_t>(length));
  }

  std::string bytes_;
};

// Each get() returns false, for good, at the first byte that cannot be what it should be.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  template <WireScalar T>
  bool get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      if (!get(byte) || byte > 1) return false;
      value = byte == 1;
      return true;
    } else {
      if (rest_.size() < sizeof(value)) return false;
      std::memcpy(&value, rest_.data(), sizeof(value));
      rest_.remove_prefix(sizeof(value));
      return true;
    }
  }
  bool get(std::string& value) {
    std::uint32_t length = 0;
    if (!get_length(length)) return false;
    value.assign(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return true;
  }
  template <class T>
  bool get(std::vector<T>& values) {
    std::uint32_t length = 0;
    if (!get_length(length)) return false;
    values.clear();
    // Not reserved: an element may be much larger in memory than its shortest encoding.
    for (std::uint32_t i = 0; i < length; ++i) {
      T value{};
      if (!get(value)) return false;
      values.push_back(std::move(value));
    }
    return true;
  }
  template <class K, class V, class Less>
  bool get(std::map<K, V, Less>& values) {
    std::uint32_t length = 0;
    if (!get_length(length)) return false;
    values.clear();
    for (std::uint32_t i = 0; i < length; ++i) {
      K key{};
      V value{};
      if (!get(key) || !get(value)) return false;
      if (!values.emplace(std::move(key), std::move(value)).second) return false;
    }
    return true;
  }
  template <class T>
  bool get(std::optional<T>& value) {
    bool present = false;
    if (!get(present)) return false;
    value.reset();
    return !present || get(value.emplace());
  }
  template <class A, class B>
  bool get(std::pair<A, B>& value) {
    return get(value.first) && get(value.second);
  }
  template <WireStruct T>
  bool get(T& value) {
    return std::apply([&](auto&... field) { return (get(field) && ...); }, value.fields());
  }

  bool at_end() const { return rest_.empty(); }

 private:
  // Every element takes at least one byte, so a length beyond the rest is forged.
  bool get_length(std::uint32_t& length) { return get(length) && length <= rest_.size(); }

  std::string_view rest_;
};

template <class M>
std::string encode(const M& message) {
  Encoder encoder;
  encoder.put(message);
  return std::move(encoder).take();
}

template <class M>
absl::StatusOr<M> decode(std::string_view bytes) {
  Decoder decoder(bytes);
  M message{};
  if (!decoder.get(message)) return absl::InvalidArgumentError("malformed message");
  if (!decoder.at_end()) return absl::InvalidArgumentError("message with bytes left over");
  return message;
}

template <class M>
absl::StatusOr<M> decode(std::span<const std::byte> bytes) {
  return decode<M>(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace ray::base
