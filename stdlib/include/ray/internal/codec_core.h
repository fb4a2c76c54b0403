// codec_core.h is the one template that every codec specialises, and the four calls over it.
#pragma once

#include <ray/access.h>
#include <ray/internal/codec_stream.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace ray::inline v1::internal {

// How a T is written and read; specialisations have
//   static constexpr std::uint64_t version;                   changes with the format
//   template <class Sink> static void write(Sink&, const T&); to a Sizer or an Encoder, alike
//   static void read(Decoder&, T&);    or    static T make(Decoder&);    or both
template <class T>
struct Codec;

// What else a type's codec writes: `using parts = Parts<E>;` in that of a container of E.
template <class... E>
struct Parts {};

template <class T>
concept has_codec = requires { Codec<T>::version; };

// The name of T as the compiler writes it.
template <class T>
consteval std::string_view type_name() {
#if defined(__clang__)
  constexpr std::string_view kEnd = "]";
#else
  constexpr std::string_view kEnd = "; ";
#endif
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  return text.substr(0, kEnd == "]" ? text.size() - 1 : text.find(kEnd));
}

// Types of the standard library are recognised by namespace and shape, so that this header need not
// include every container.
template <class T>
inline constexpr bool is_std = type_name<T>().starts_with("std::");

// The compiler names T where one of these fails.
template <class T>
concept serialisable = has_codec<T>;
template <class T>
concept default_constructible_by_ray = access::can_make<T>;

template <class T>
constexpr void require_codec() {
  static_assert(serialisable<T>, "this type cannot be serialised [-Wray-not-serialisable]");
}

template <class T, class Sink>
void write(Sink& sink, const T& value) {
  require_codec<T>();
  if constexpr (has_codec<T>) Codec<T>::write(sink, value);
}

// A new T from the bytes.
template <class T>
T make(Decoder& decoder) {
  require_codec<T>();
  if constexpr (requires { Codec<T>::make(decoder); }) {
    return Codec<T>::make(decoder);
  } else {
    static_assert(default_constructible_by_ray<T>,
                  "a type that is decoded needs a default constructor, which may be private "
                  "[-Wray-no-default-constructor]");
    T value = access::make<T>();
    Codec<T>::read(decoder, value);
    return value;
  }
}

// Overwrites a T with the one in the bytes.
template <class T>
void read(Decoder& decoder, T& value) {
  require_codec<T>();
  if constexpr (requires { Codec<T>::read(decoder, value); }) {
    Codec<T>::read(decoder, value);
  } else if constexpr (has_codec<T>) {
    value = Codec<T>::make(decoder);
  }
}

}  // namespace ray::inline v1::internal
