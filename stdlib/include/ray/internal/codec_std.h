// codec_std.h holds the codecs of arithmetic and of the standard library's types.
#pragma once

#include <ray/internal/codec_core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ray::inline v1::internal {

// ---- Memory as it is ------------------------------------------------------------------------

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

// What is written as its memory; contiguous runs of it are written in one piece.
template <class T>
concept raw_value = !std::is_const_v<T> && !is_bool<T> &&
                    (std::is_arithmetic_v<T> || std::is_enum_v<T> || complex_like<T> ||
                     chrono_like<T> || random_engine<T>);

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

// ---- Strings and sequences ------------------------------------------------------------------

template <class T>
inline constexpr bool is_vector = false;
template <class E, class Allocator>
inline constexpr bool is_vector<std::vector<E, Allocator>> = true;

// Reserves for `count` elements, but never much more than honest bytes can need.
template <class C>
void reserve(C& container, std::size_t count, const Decoder& decoder) {
  if constexpr (requires { container.reserve(count); }) {
    std::size_t honest = decoder.remaining() / sizeof(typename C::value_type);
    container.reserve(std::min(count, std::max<std::size_t>(honest, 1024)));
  }
}

template <raw_value C, class Traits, class Allocator>
struct Codec<std::basic_string<C, Traits, Allocator>> {
  using T = std::basic_string<C, Traits, Allocator>;
  static constexpr std::uint64_t version = mix(hash_text("run"), Codec<C>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    write_contiguous(sink, value.data(), value.size());
  }
  static void read(Decoder& decoder, T& value) {
    Run<C> run = read_contiguous<C>(decoder);
    value.resize(run.count);
    if (run.count != 0) std::memcpy(value.data(), run.data, run.count * sizeof(C));
  }
};

template <raw_value E, class Allocator>
struct Codec<std::vector<E, Allocator>> {
  using T = std::vector<E, Allocator>;
  static constexpr std::uint64_t version = mix(hash_text("run"), Codec<E>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    write_contiguous(sink, value.data(), value.size());
  }
  static void read(Decoder& decoder, T& value) {
    Run<E> run = read_contiguous<E>(decoder);
    if (run.is_aligned()) {
      value.assign(run.elements(), run.elements() + run.count);
    } else {
      value.resize(run.count);
      std::memcpy(static_cast<void*>(value.data()), run.data, run.count * sizeof(E));
    }
  }
};

// Bits, eight to a byte, the lowest first.
template <class Sink, class Bits>
void write_bits(Sink& sink, const Bits& bits) {
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    unsigned char byte = 0;
    for (std::size_t j = i; j < std::min(i + 8, bits.size()); ++j) byte |= bits[j] << (j - i);
    sink.raw(&byte, 1);
  }
}
template <class Bits>
void read_bits(Decoder& decoder, Bits& bits) {
  const std::byte* bytes = decoder.take((bits.size() + 7) / 8);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    bits[i] = (static_cast<unsigned>(bytes[i / 8]) >> (i % 8) & 1) != 0;
  }
}

template <class Allocator>
struct Codec<std::vector<bool, Allocator>> {
  using T = std::vector<bool, Allocator>;
  static constexpr std::uint64_t version = hash_text("bits");
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    sink.length(value.size());
    write_bits(sink, value);
  }
  static void read(Decoder& decoder, T& value) {
    std::uint64_t count = decoder.length();
    if (count / 8 > decoder.remaining()) throw_corrupt("a length exceeds the bytes that follow");
    value.assign(count, false);
    read_bits(decoder, value);
  }
};

template <class T>
concept std_container = std::is_class_v<T> && is_std<T> && requires(T& x) {
  typename T::value_type;
  x.begin();
  x.end();
  x.clear();
};
template <class T>
concept associative_container = std_container<T> && requires { typename T::key_type; };
template <class T>
concept forward_sequence = std_container<T> && requires(T& x) { x.before_begin(); };
template <class T>
concept back_sequence =
    std_container<T> && requires(T& x, typename T::value_type v) { x.push_back(std::move(v)); };

template <class T>
void read_element(Decoder& decoder, T& container) {
  using E = typename T::value_type;
  if constexpr (std::is_default_constructible_v<E> && requires { Codec<E>::read; }) {
    container.emplace_back();
    internal::read<E>(decoder, container.back());
  } else {
    container.push_back(make<E>(decoder));
  }
}

// vector, deque, list.
template <back_sequence T>
struct Codec<T> {
  using E = typename T::value_type;
  using parts = Parts<E>;
  static constexpr std::uint64_t version = mix(hash_text("sequence"), Codec<E>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    sink.length(value.size());
    for (const E& element : value) internal::write<E>(sink, element);
  }
  static void read(Decoder& decoder, T& value) {
    std::size_t count = decoder.count();
    value.clear();
    reserve(value, count, decoder);
    for (; count > 0; --count) {
      if constexpr (std::is_same_v<E, bool>) {
        value.push_back(make<bool>(decoder));
      } else {
        read_element(decoder, value);
      }
    }
  }
};

template <forward_sequence T>
struct Codec<T> {
  using E = typename T::value_type;
  using parts = Parts<E>;
  static constexpr std::uint64_t version = mix(hash_text("sequence"), Codec<E>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    sink.length(std::distance(value.begin(), value.end()));
    for (const E& element : value) internal::write<E>(sink, element);
  }
  static void read(Decoder& decoder, T& value) {
    value.clear();
    auto last = value.before_begin();
    for (std::size_t count = decoder.count(); count > 0; --count) {
      last = value.insert_after(last, make<E>(decoder));
    }
  }
};

// Maps and sets, ordered or not.
template <associative_container T>
struct Codec<T> {
  using K = typename T::key_type;
  static constexpr bool is_map = requires { typename T::mapped_type; };
  template <class U>
  static Parts<K, typename U::mapped_type> parts_of(const U*);
  static Parts<K> parts_of(const void*);
  using parts = decltype(parts_of(static_cast<const T*>(nullptr)));
  static consteval std::uint64_t make_version() {
    if constexpr (is_map) {
      return mix(mix(hash_text("map"), Codec<K>::version), Codec<typename T::mapped_type>::version);
    } else {
      return mix(hash_text("set"), Codec<K>::version);
    }
  }
  static constexpr std::uint64_t version = make_version();
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    sink.length(value.size());
    for (const auto& element : value) {
      if constexpr (is_map) {
        internal::write<K>(sink, element.first);
        internal::write<typename T::mapped_type>(sink, element.second);
      } else {
        internal::write<K>(sink, element);
      }
    }
  }
  static void read(Decoder& decoder, T& value) {
    std::size_t count = decoder.count();
    value.clear();
    reserve(value, count, decoder);
    for (; count > 0; --count) {
      K key = make<K>(decoder);
      if constexpr (is_map) {
        value.emplace_hint(value.end(), std::move(key), make<typename T::mapped_type>(decoder));
      } else {
        value.emplace_hint(value.end(), std::move(key));
      }
    }
  }
};

// stack, queue, priority_queue: their protected container.
template <class T>
concept container_adaptor = std::is_class_v<T> && is_std<T> && requires(T& x) {
  typename T::container_type;
  x.pop();
};
template <container_adaptor T>
struct Codec<T> {
  using C = typename T::container_type;
  using parts = Parts<C>;
  struct Exposed : T {
    static constexpr C T::* container = &Exposed::c;
  };
  static constexpr std::uint64_t version = mix(hash_text("adaptor"), Codec<C>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<C>(sink, value.*Exposed::container);
  }
  static void read(Decoder& decoder, T& value) {
    internal::read<C>(decoder, value.*Exposed::container);
  }
};

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

template <>
struct Codec<std::monostate> {
  static constexpr std::uint64_t version = hash_text("monostate");
  template <class Sink>
  static void write(Sink& sink, std::monostate) {
    unsigned char never_empty = 0;
    sink.raw(&never_empty, 1);
  }
  static void read(Decoder& decoder, std::monostate&) { decoder.take(1); }
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

// ---- Pointers -------------------------------------------------------------------------------

template <class E>
concept exactly_typed = !std::is_polymorphic_v<E> || std::is_final_v<E>;
template <class E>
constexpr void check_pointee() {
  static_assert(exactly_typed<E>,
                "a pointer to this class cannot be serialised: the class has virtual functions and "
                "is not final, so an object of another class may stand behind it");
}

template <class E>
std::unique_ptr<E> make_pointee(Decoder& decoder) {
  using Plain = std::remove_const_t<E>;
  if constexpr (requires { Codec<Plain>::make(decoder); }) {
    return std::unique_ptr<E>(new Plain(make<Plain>(decoder)));
  } else {
    std::unique_ptr<Plain> made = access::make_unique<Plain>();
    internal::read<Plain>(decoder, *made);
    return made;
  }
}

template <class E>
  requires(!std::is_array_v<E>)
struct Codec<std::unique_ptr<E>> {
  using T = std::unique_ptr<E>;
  using parts = Parts<std::remove_const_t<E>>;
  static constexpr std::uint64_t version = mix(hash_text("unique_ptr"), hash_text(type_name<E>()));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    check_pointee<E>();
    internal::write<bool>(sink, value != nullptr);
    if (value != nullptr) internal::write<std::remove_const_t<E>>(sink, *value);
  }
  static void read(Decoder& decoder, T& value) {
    value = internal::make<bool>(decoder) ? make_pointee<E>(decoder) : nullptr;
  }
};

// 0: null. Else the object's number, in the order of first meeting; its value follows the first.
template <class E>
  requires(!std::is_array_v<E> && !std::is_void_v<E>)
struct Codec<std::shared_ptr<E>> {
  using T = std::shared_ptr<E>;
  using Plain = std::remove_const_t<E>;
  using parts = Parts<Plain>;
  static constexpr std::uint64_t version = mix(hash_text("shared_ptr"), hash_text(type_name<E>()));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    check_pointee<E>();
    if (value == nullptr) {
      sink.length(0);
    } else if (sink.shared(value.get(), &type_tag<Plain>)) {
      internal::write<Plain>(sink, *value);
    }
  }
  static void read(Decoder& decoder, T& value) {
    std::uint64_t number = decoder.length();
    auto& met = decoder.shared();
    if (number == 0) {
      value = nullptr;
    } else if (number <= met.size()) {
      if (met[number - 1].type != &type_tag<Plain>)
        throw_corrupt("a shared object of another type");
      if (met[number - 1].object == nullptr) throw_corrupt("a shared object inside itself");
      value = std::static_pointer_cast<E>(met[number - 1].object);
    } else if (number == met.size() + 1) {
      met.push_back({nullptr, &type_tag<Plain>});
      value = read_new(decoder, number - 1);
    } else {
      throw_corrupt("a shared object with no place");
    }
  }

 private:
  // Where it can be made before it is read, the object may refer to itself.
  static T read_new(Decoder& decoder, std::size_t place) {
    std::shared_ptr<Plain> made;
    if constexpr (requires { Codec<Plain>::make(decoder); }) {
      made = make_pointee<Plain>(decoder);
      decoder.shared()[place].object = made;
    } else {
      made = access::make_unique<Plain>();
      decoder.shared()[place].object = made;
      internal::read<Plain>(decoder, *made);
    }
    return made;
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

// ---- Views: written as what they show, read in place ----------------------------------------

template <class T>
inline constexpr bool is_view = false;
template <class C, class Traits>
inline constexpr bool is_view<std::basic_string_view<C, Traits>> = true;
template <class E, std::size_t N>
inline constexpr bool is_view<std::span<E, N>> = true;

// Whether a view V can read an encoded T.
template <class V, class T>
inline constexpr bool view_reads = false;
template <class C, class Traits, class Allocator>
inline constexpr bool
    view_reads<std::basic_string_view<C, Traits>, std::basic_string<C, Traits, Allocator>> = true;
template <class E, std::size_t M, class Allocator>
inline constexpr bool view_reads<std::span<const E, M>, std::vector<E, Allocator>> =
    !std::is_same_v<E, bool>;
template <class E, std::size_t M, std::size_t N>
inline constexpr bool view_reads<std::span<const E, M>, std::array<E, N>> =
    M == N || M == std::dynamic_extent;

template <raw_value C, class Traits>
struct Codec<std::basic_string_view<C, Traits>> {
  static constexpr std::uint64_t version = mix(hash_text("run"), Codec<C>::version);
  template <class Sink>
  static void write(Sink& sink, std::basic_string_view<C, Traits> value) {
    write_contiguous(sink, value.data(), value.size());
  }
};
template <class E, std::size_t N>
struct Codec<std::span<const E, N>> {
  using parts = Parts<E>;
  static constexpr std::uint64_t version = ArrayCodec<E>::version;
  template <class Sink>
  static void write(Sink& sink, std::span<const E, N> value) {
    ArrayCodec<E>::write(sink, value.data(), value.size());
  }
};

// What a view needs beside the encoded bytes, which must outlive it.
template <class V>
class ViewStorage;

template <class C, class Traits>
class ViewStorage<std::basic_string_view<C, Traits>> {
 public:
  std::basic_string_view<C, Traits> read(Decoder& decoder) {
    Run<C> run = read_contiguous<C>(decoder);
    if (run.is_aligned()) return {run.elements(), run.count};
    std::byte* copy = decoder.scratch(run.count * sizeof(C), alignof(C));
    std::memcpy(copy, run.data, run.count * sizeof(C));
    return {reinterpret_cast<const C*>(copy), run.count};
  }
};

template <class E, std::size_t N>
class ViewStorage<std::span<const E, N>> {
 public:
  static_assert(!std::is_same_v<E, bool>, "a span of bool cannot show a std::vector<bool>");

  std::span<const E, N> read(Decoder& decoder) {
    if constexpr (raw_value<E>) {
      Run<E> run = read_contiguous<E>(decoder);
      check(run.count);
      if (run.is_aligned()) return std::span<const E, N>(run.elements(), run.count);
      std::byte* copy = decoder.scratch(run.count * sizeof(E), alignof(E));
      if (run.count != 0) std::memcpy(copy, run.data, run.count * sizeof(E));
      return std::span<const E, N>(reinterpret_cast<const E*>(copy), run.count);
    } else {
      internal::read<std::vector<E>>(decoder, elements_);
      check(elements_.size());
      return std::span<const E, N>(elements_.data(), elements_.size());
    }
  }

 private:
  static void check(std::size_t count) {
    if (N != std::dynamic_extent && count != N) throw_corrupt("a span of another length");
  }
  std::vector<E> elements_;  // only where the elements cannot be read in place
};

}  // namespace ray::inline v1::internal
