// codec_std.h holds the codecs of the standard library's other types: fixed sizes, alternatives,
// paths.
#pragma once

#include <ray/internal/codec_container.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace ray::inline v1::internal {

// ---- Fixed sizes ----------------------------------------------------------------------------

// Arrays are written as vectors are, so that a span can read either.
template <class E>
struct ArrayCodec {
  static constexpr std::uint64_t version =
      mix(hash_text(raw_value<E> ? "run" : "sequence"), Codec<E>::version);
  template <class Sink>
  static void write(Sink& sink, const E* elements, std::size_t count) {
    if constexpr (raw_value<E>) {
      write_contiguous(sink, elements, count);
    } else {
      sink.length(count);
      for (std::size_t i = 0; i < count; ++i) internal::write<E>(sink, elements[i]);
    }
  }
  static void read(Decoder& decoder, E* elements, std::size_t count) {
    if constexpr (raw_value<E>) {
      Run<E> run = read_contiguous<E>(decoder);
      if (run.count != count) throw_corrupt("an array of another length");
      if (count != 0) std::memcpy(static_cast<void*>(elements), run.data, count * sizeof(E));
    } else {
      if (decoder.length() != count) throw_corrupt("an array of another length");
      for (std::size_t i = 0; i < count; ++i) internal::read<E>(decoder, elements[i]);
    }
  }
};

template <class E, std::size_t N>
struct Codec<std::array<E, N>> {
  using parts = Parts<E>;
  using T = std::array<E, N>;
  static constexpr std::uint64_t version = mix(ArrayCodec<E>::version, N);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    ArrayCodec<E>::write(sink, value.data(), N);
  }
  static void read(Decoder& decoder, T& value) { ArrayCodec<E>::read(decoder, value.data(), N); }
};

template <class E, std::size_t N>
struct Codec<E[N]> {
  using parts = Parts<E>;
  static constexpr std::uint64_t version = mix(ArrayCodec<E>::version, N);
  template <class Sink>
  static void write(Sink& sink, const E (&value)[N]) {
    ArrayCodec<E>::write(sink, value, N);
  }
  static void read(Decoder& decoder, E (&value)[N]) { ArrayCodec<E>::read(decoder, value, N); }
};

template <class T>
concept bitset_like = std::is_class_v<T> && is_std<T> && requires(T& x) {
  x.test(0);
  x.flip();
  x.to_ullong();
};
template <bitset_like T>
struct Codec<T> {
  static constexpr std::uint64_t version = hash_text(type_name<T>());
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    unsigned char never_empty = 0;
    sink.raw(&never_empty, 1);
    write_bits(sink, value);
  }
  static void read(Decoder& decoder, T& value) {
    decoder.take(1);
    read_bits(decoder, value);
  }
};

template <class A, class B>
struct Codec<std::pair<A, B>> {
  using T = std::pair<A, B>;
  using PlainA = std::remove_const_t<A>;
  using parts = Parts<PlainA, B>;
  static constexpr std::uint64_t version =
      mix(mix(hash_text("tuple"), Codec<PlainA>::version), Codec<B>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<PlainA>(sink, value.first);
    internal::write<B>(sink, value.second);
  }
  static T make(Decoder& decoder) {
    PlainA first = internal::make<PlainA>(decoder);
    return T(std::move(first), internal::make<B>(decoder));
  }
};

template <class... E>
struct Codec<std::tuple<E...>> {
  using T = std::tuple<E...>;
  using parts = Parts<E...>;
  static consteval std::uint64_t make_version() {
    std::uint64_t version = hash_text("tuple");
    ((version = mix(version, Codec<E>::version)), ...);
    return version;
  }
  static constexpr std::uint64_t version = make_version();
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    unsigned char never_empty = 0;
    if constexpr (sizeof...(E) == 0) sink.raw(&never_empty, 1);
    std::apply([&](const E&... element) { (internal::write<E>(sink, element), ...); }, value);
  }
  static T make(Decoder& decoder) {
    if constexpr (sizeof...(E) == 0) decoder.take(1);
    return T{internal::make<E>(decoder)...};  // braces: from left to right
  }
};

// Whether it is a lambda's, and not that of what has one as an argument.
consteval bool names_lambda(std::string_view name) {
  constexpr std::string_view::size_type kNone = std::string_view::npos;
#if defined(__clang__)
  return name.ends_with(')') && name.find("(lambda at ") != kNone;
#else
  const std::string_view::size_type at = name.rfind("<lambda(");
  int open = 0;
  for (const char c : name.substr(0, at)) open += (c == '<') - (c == '>');
  return at != kNone && open == 0;
#endif
}

// A lambda without captures: all of it is its type.
template <class T>
concept captureless = std::is_class_v<T> && std::is_empty_v<T> &&
                      std::is_default_constructible_v<T> && names_lambda(type_name<T>());

// Types of one value.
template <class T>
  requires std::is_same_v<T, std::monostate> || std::is_same_v<T, std::nullptr_t> || captureless<T>
struct Codec<T> {
  static constexpr std::uint64_t version = hash_text(std::is_same_v<T, std::monostate> ? "monostate"
                                                     : captureless<T>                  ? "lambda"
                                                                      : "nullptr_t");
  template <class Sink>
  static void write(Sink& sink, const T&) {
    unsigned char never_empty = 0;
    sink.raw(&never_empty, 1);
  }
  static void read(Decoder& decoder, T& value) {
    decoder.take(1);
    value = T();
  }
};

// How two values compare: below zero, zero, above it, or none of these.
template <class T>
  requires std::is_same_v<T, std::strong_ordering> || std::is_same_v<T, std::weak_ordering> ||
           std::is_same_v<T, std::partial_ordering>
struct Codec<T> {
  static constexpr std::uint64_t version = hash_text("ordering");
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<signed char>(sink, value < 0 ? -1 : value > 0 ? 1 : value == 0 ? 0 : 2);
  }
  static T make(Decoder& decoder) {
    const auto number = internal::make<signed char>(decoder);
    if (number == -1) return T::less;
    if (number == 0) return T::equivalent;
    if (number == 1) return T::greater;
    if constexpr (std::is_same_v<T, std::partial_ordering>) {
      if (number == 2) return T::unordered;
    }
    throw_corrupt("an ordering");
  }
};

// ---- One of several, or none ----------------------------------------------------------------

template <class E>
struct Codec<std::optional<E>> {
  using T = std::optional<E>;
  using parts = Parts<E>;
  static constexpr std::uint64_t version = mix(hash_text("optional"), Codec<E>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<bool>(sink, value.has_value());
    if (value) internal::write<E>(sink, *value);
  }
  static void read(Decoder& decoder, T& value) {
    value.reset();
    if (internal::make<bool>(decoder)) value.emplace(internal::make<E>(decoder));
  }
};

template <class... E>
struct Codec<std::variant<E...>> {
  using T = std::variant<E...>;
  using parts = Parts<E...>;
  static consteval std::uint64_t make_version() {
    std::uint64_t version = hash_text("variant");
    ((version = mix(version, Codec<E>::version)), ...);
    return version;
  }
  static constexpr std::uint64_t version = make_version();
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    sink.length(value.valueless_by_exception() ? 0 : value.index() + 1);
    if (value.valueless_by_exception()) return;
    std::visit([&]<class A>(const A& alternative) { internal::write<A>(sink, alternative); },
               value);
  }
  static T make(Decoder& decoder) {
    std::uint64_t index = decoder.length();
    if (index == 0 || index > sizeof...(E)) throw_corrupt("a variant of no such alternative");
    return make_at(decoder, index - 1, std::index_sequence_for<E...>());
  }

 private:
  template <std::size_t... I>
  static T make_at(Decoder& decoder, std::size_t index, std::index_sequence<I...>) {
    static constexpr T (*kMakers[])(Decoder&) = {&make_alternative<I>...};
    return kMakers[index](decoder);
  }
  template <std::size_t I>
  static T make_alternative(Decoder& decoder) {
    return T(std::in_place_index<I>, internal::make<std::variant_alternative_t<I, T>>(decoder));
  }
};

// ---- Others ---------------------------------------------------------------------------------

template <class T>
concept path_like = std::is_class_v<T> && is_std<T> && requires(const T& x) {
  typename T::string_type;
  x.native();
  x.root_directory();
};
template <path_like T>
struct Codec<T> {
  using String = typename T::string_type;
  static constexpr std::uint64_t version = mix(hash_text("path"), Codec<String>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<String>(sink, value.native());
  }
  static T make(Decoder& decoder) { return T(internal::make<String>(decoder)); }
};

}  // namespace ray::inline v1::internal
