// codec_memory.h holds the codecs of what travels as its memory: numbers, enums, and the standard
// library's types that are nothing but numbers, alone and in contiguous runs.
#pragma once

#include <ray/internal/codec_core.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ray::inline v1::internal {

template <class T>
inline constexpr bool is_bool =
    std::is_same_v<T, bool> ||
    (std::is_enum_v<T> && requires { requires std::is_same_v<std::underlying_type_t<T>, bool>; });

// std::complex, by its shape.
template <class T>
concept complex_like = std::is_class_v<T> && is_std<T> && requires(const T& x) {
  typename T::value_type;
  x.real();
  x.imag();
} && sizeof(T) == 2 * sizeof(typename T::value_type);

// std::chrono's durations, time points and calendar types.
template <class T>
concept chrono_like = std::is_class_v<T> && is_std<T> && std::is_trivially_copyable_v<T> &&
                      (type_name<T>().find("::chrono::") < 12);

// A random engine: nothing but its numbers.
template <class T>
concept random_engine =
    std::is_class_v<T> && is_std<T> && std::is_trivially_copyable_v<T> && requires(T x) {
      typename T::result_type;
      x.discard(1u);
      x.seed();
    };

// `__int128`, which counts as arithmetic only where extensions are on.
template <class T>
inline constexpr bool is_wide = false;
#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;
template <>
inline constexpr bool is_wide<Wide> = true;
template <>
inline constexpr bool is_wide<UnsignedWide> = true;
#endif

// What is written as its memory; contiguous runs of it are written in one piece.
template <class T>
concept raw_value = !std::is_const_v<T> && !is_bool<T> &&
                    (std::is_arithmetic_v<T> || is_wide<T> || std::is_enum_v<T> ||
                     complex_like<T> || chrono_like<T> || random_engine<T>);

template <raw_value T>
struct Codec<T> {
  static constexpr std::uint64_t version = mix(hash_text(type_name<T>()), sizeof(T));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    sink.raw(&value, sizeof(T));
  }
  static void read(Decoder& decoder, T& value) {
    std::memcpy(static_cast<void*>(&value), decoder.take(sizeof(T)), sizeof(T));
  }
};

template <class T>
  requires is_bool<T>
struct Codec<T> {
  static constexpr std::uint64_t version = hash_text("bool");
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    sink.raw(&value, 1);
  }
  static void read(Decoder& decoder, T& value) {
    auto byte = static_cast<unsigned char>(*decoder.take(1));
    if (byte > 1) throw_corrupt("a bool is neither true nor false");
    value = static_cast<T>(byte);
  }
};

template <class E, class Sink>
void write_contiguous(Sink& sink, const E* data, std::size_t count) {
  sink.length(count);
  sink.align(alignof(E));
  sink.raw(data, count * sizeof(E));
}

// Fresh memory that is about to be filled in one go: in pages of 2 MiB that is three times as fast.
void use_large_pages(void* memory, std::size_t bytes) noexcept;
inline constexpr std::size_t kLargePagesFrom = std::size_t{4} << 20;

// A run of `count` elements in the encoded bytes, aligned as the encoder placed it.
template <class E>
struct Run {
  const std::byte* data;
  std::size_t count;

  bool is_aligned() const { return reinterpret_cast<std::uintptr_t>(data) % alignof(E) == 0; }
  const E* elements() const { return reinterpret_cast<const E*>(data); }
};
template <class E>
Run<E> read_contiguous(Decoder& decoder) {
  std::size_t count = decoder.count(sizeof(E));
  decoder.align(alignof(E));
  return {decoder.take(count * sizeof(E)), count};
}

}  // namespace ray::inline v1::internal
