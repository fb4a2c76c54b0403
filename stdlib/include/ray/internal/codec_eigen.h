// codec_eigen.h holds the codecs of Eigen's dense matrices, arrays and vectors, and of the Maps and
// Refs that show one in place. They are told by name and shape, so that no header of Eigen is
// needed here; what is used of them is in Eigen's documentation of PlainObjectBase, Map and Ref.
//
// A matrix is written as its rows, its columns and its elements in its own storage order.
#pragma once

#include <ray/internal/codec_memory.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace ray::inline v1::internal {

template <class T>
concept eigen_matrix =
    std::is_class_v<T> &&
    (type_name<T>().starts_with("Eigen::Matrix<") || type_name<T>().starts_with("Eigen::Array<")) &&
    requires {
      typename T::ConstMapType;
      requires raw_value<typename T::Scalar>;
    };

// The Map that shows a const M.
template <eigen_matrix M>
using map_of = std::remove_const_t<typename M::ConstMapType>;

// What a Map<const M> or a Ref<const M>, of any alignment and without gaps, shows; else void.
template <class V>
struct Shown {
  using type = void;
};
template <template <class, int, class> class V, class M, class Stride>
  requires eigen_matrix<M>
struct Shown<V<const M, 0, Stride>> {
  static constexpr std::string_view kName = type_name<V<const M, 0, Stride>>();
  static constexpr bool kIsMap = std::is_same_v<V<const M, 0, Stride>, map_of<M>>;
  using type = std::conditional_t<kIsMap || kName.starts_with("Eigen::Ref<"), M, void>;
};
template <class V>
using shown_matrix = typename Shown<V>::type;
template <class V>
concept eigen_view = !std::is_void_v<shown_matrix<V>>;

template <class M>
struct MatrixElements {
  using Scalar = typename M::Scalar;

  std::size_t rows = 0;
  std::size_t columns = 0;
  Run<Scalar> run;

  template <class Sink, class V>
  static void write(Sink& sink, const V& value) {
    sink.length(static_cast<std::size_t>(value.rows()));
    sink.length(static_cast<std::size_t>(value.cols()));
    write_contiguous(sink, value.data(), static_cast<std::size_t>(value.size()));
  }

  explicit MatrixElements(Decoder& decoder)
      : rows(decoder.length()), columns(decoder.length()), run(read_contiguous<Scalar>(decoder)) {
    const bool is_empty = rows == 0 || columns == 0;
    const bool is_full = !is_empty && run.count / rows == columns && run.count % rows == 0;
    if (!(is_full || (is_empty && run.count == 0)) || !fits(rows, M::MaxRowsAtCompileTime) ||
        !fits(columns, M::MaxColsAtCompileTime) || differs(rows, M::RowsAtCompileTime) ||
        differs(columns, M::ColsAtCompileTime)) {
      throw_corrupt("a matrix of another size");
    }
  }

 private:
  static constexpr bool fits(std::size_t size, int limit) {
    return limit < 0 || size <= static_cast<std::size_t>(limit);
  }
  static constexpr bool differs(std::size_t size, int fixed) {
    return fixed >= 0 && size != static_cast<std::size_t>(fixed);
  }
};

template <eigen_matrix T>
struct Codec<T> {
  static constexpr std::uint64_t version = mix(hash_text("matrix"), hash_text(type_name<T>()));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    MatrixElements<T>::write(sink, value);
  }
  static void read(Decoder& decoder, T& value) {
    const MatrixElements<T> from(decoder);
    using Index = decltype(value.rows());
    value.resize(static_cast<Index>(from.rows), static_cast<Index>(from.columns));
    if (from.run.count == 0) return;
    const std::size_t bytes = from.run.count * sizeof(typename T::Scalar);
    if (bytes >= kLargePagesFrom) use_large_pages(value.data(), bytes);
    std::memcpy(static_cast<void*>(value.data()), from.run.data, bytes);
  }
};

template <eigen_view V>
struct Codec<V> {
  static constexpr std::uint64_t version = Codec<shown_matrix<V>>::version;
  template <class Sink>
  static void write(Sink& sink, const V& value) {
    using M = shown_matrix<V>;
    if (value.innerStride() == 1 && value.outerStride() == value.innerSize()) {
      MatrixElements<M>::write(sink, value);
    } else {
      MatrixElements<M>::write(sink, M(value));  // without the gaps
    }
  }
};

}  // namespace ray::inline v1::internal
