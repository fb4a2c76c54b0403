// What the tests of codecs share: a value as bytes, and back.
#pragma once

#include <ray/codec.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <vector>

namespace ray::internal {

// Bytes that start on a 64-byte boundary, as those of an engine do, and end where their block does,
// so that AddressSanitizer sees a read behind them.
class Bytes {
 public:
  explicit Bytes(std::size_t size)
      : size_(size), data_(static_cast<std::byte*>(::operator new(size, std::align_val_t(64)))) {}
  ~Bytes() { ::operator delete(data_, std::align_val_t(64)); }
  std::span<std::byte> get() { return {data_, size_}; }

 private:
  std::size_t size_;
  std::byte* data_;
};

template <class T>
std::vector<std::byte> encode(const T& value) {
  Sizer sizer;
  write<T>(sizer, value);
  Bytes memory(sizer.size());
  Encoder encoder(memory.get());
  write<T>(encoder, value);
  encoder.finish();
  return {memory.get().begin(), memory.get().end()};
}

template <class T>
T decode(std::span<const std::byte> bytes) {
  Bytes memory(bytes.size());
  std::ranges::copy(bytes, memory.get().begin());
  Decoder decoder(memory.get());
  T value = make<T>(decoder);
  decoder.finish();
  return value;
}

template <class T>
T round_trip(const T& value) {
  return decode<T>(encode(value));
}

#define EXPECT_ROUND_TRIP(...)                                                        \
  do {                                                                                \
    const auto value = __VA_ARGS__;                                                   \
    EXPECT_TRUE(round_trip(value) == value) << "of " << type_name<decltype(value)>(); \
  } while (false)

}  // namespace ray::internal
