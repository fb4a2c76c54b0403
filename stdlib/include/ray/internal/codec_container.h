// codec_container.h holds the codecs of strings and of the standard library's containers, which are
// told by namespace and shape.
#pragma once

#include <ray/internal/codec_memory.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ray::inline v1::internal {

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
    if (const std::size_t bytes = run.count * sizeof(E); bytes >= kLargePagesFrom) {
      value.clear();
      value.reserve(run.count);
      use_large_pages(value.data(), bytes);
    }
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

// What a container arranges its elements by: where that is more than its type, it has to travel
// too.
template <class F>
using StoredFunction = std::conditional_t<std::is_empty_v<F>, Parts<>, Parts<F>>;
template <class... A, class... B>
Parts<A..., B...> joined(Parts<A...>, Parts<B...>);
template <class F, class Sink>
void write_function(Sink& sink, const F& function) {
  if constexpr (!std::is_empty_v<F>) internal::write<F>(sink, function);
}
template <class F>
F read_function(Decoder& decoder, F function) {
  if constexpr (!std::is_empty_v<F>) internal::read<F>(decoder, function);
  return function;
}

// Those of a map or a set, ordered or not.
template <class T>
struct Arrangement {
  using Order = typename T::key_compare;
  using parts = StoredFunction<Order>;
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    write_function<Order>(sink, value.key_comp());
  }
  static void read(Decoder& decoder, T& value) {
    if constexpr (std::is_empty_v<Order>) {
      value.clear();
    } else {
      value = T(read_function<Order>(decoder, value.key_comp()), value.get_allocator());
    }
  }
};
template <class T>
  requires requires { typename T::hasher; }
struct Arrangement<T> {
  using Hash = typename T::hasher;
  using Equal = typename T::key_equal;
  using parts = decltype(joined(StoredFunction<Hash>(), StoredFunction<Equal>()));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    write_function<Hash>(sink, value.hash_function());
    write_function<Equal>(sink, value.key_eq());
  }
  static void read(Decoder& decoder, T& value) {
    if constexpr (std::is_empty_v<Hash> && std::is_empty_v<Equal>) {
      value.clear();
    } else {
      Hash hash = read_function<Hash>(decoder, value.hash_function());
      Equal equal = read_function<Equal>(decoder, value.key_eq());
      value = T(0, std::move(hash), std::move(equal), value.get_allocator());
    }
  }
};

// Maps and sets, ordered or not.
template <associative_container T>
struct Codec<T> {
  using K = typename T::key_type;
  static constexpr bool is_map = requires { typename T::mapped_type; };
  template <class U>
  static Parts<K, typename U::mapped_type> elements(const U*);
  static Parts<K> elements(const void*);
  using parts =
      decltype(joined(elements(static_cast<const T*>(nullptr)), typename Arrangement<T>::parts()));
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
    Arrangement<T>::write(sink, value);
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
    Arrangement<T>::read(decoder, value);
    std::size_t count = decoder.count();
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

// stack, queue: their protected container.
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

// priority_queue: also what makes it a heap.
template <container_adaptor T>
  requires requires { typename T::value_compare; }
struct Codec<T> {
  using C = typename T::container_type;
  using Order = typename T::value_compare;
  using parts = decltype(joined(Parts<C>(), StoredFunction<Order>()));
  struct Exposed : T {
    static constexpr C T::* container = &Exposed::c;
    static constexpr Order T::* order = &Exposed::comp;
  };
  static constexpr std::uint64_t version = mix(hash_text("adaptor"), Codec<C>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    write_function<Order>(sink, value.*Exposed::order);
    internal::write<C>(sink, value.*Exposed::container);
  }
  static void read(Decoder& decoder, T& value) {
    if constexpr (!std::is_empty_v<Order>) {
      value.*Exposed::order = read_function<Order>(decoder, value.*Exposed::order);
    }
    internal::read<C>(decoder, value.*Exposed::container);
  }
};

}  // namespace ray::inline v1::internal
