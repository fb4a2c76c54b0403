// codec_view.h holds the codecs of spans, string_views and Eigen's Maps and Refs of const matrices:
// written as what they show, and read in place, out of bytes that must outlive them.
#pragma once

#include <ray/internal/codec_container.h>
#include <ray/internal/codec_eigen.h>
#include <ray/internal/codec_std.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ray::inline v1::internal {

template <class T>
inline constexpr bool is_view = eigen_view<T>;
template <class C, class Traits>
inline constexpr bool is_view<std::basic_string_view<C, Traits>> = true;
template <class E, std::size_t N>
inline constexpr bool is_view<std::span<E, N>> = true;

// Whether a view V can read an encoded T.
template <class V, class T>
inline constexpr bool view_reads = std::is_same_v<shown_matrix<V>, T>;
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
  static_assert(!std::is_same_v<E, bool>,
                "a span of bool cannot show a std::vector<bool> [-Wray-not-serialisable]");

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

template <eigen_view V>
class ViewStorage<V> {
 public:
  V read(Decoder& decoder) {
    using M = shown_matrix<V>;
    using Map = map_of<M>;
    using Scalar = typename M::Scalar;
    const MatrixElements<M> from(decoder);
    const Scalar* elements = from.run.elements();
    if (!from.run.is_aligned()) {
      const std::size_t bytes = from.run.count * sizeof(Scalar);
      std::byte* copy = decoder.scratch(bytes, alignof(Scalar));
      std::memcpy(copy, from.run.data, bytes);
      elements = reinterpret_cast<const Scalar*>(copy);
    }
    using Index = decltype(std::declval<const M&>().rows());
    return V(Map(elements, static_cast<Index>(from.rows), static_cast<Index>(from.columns)));
  }
};

}  // namespace ray::inline v1::internal
