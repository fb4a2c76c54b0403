// codec_class.h holds the codecs of refs and handles and of classes: the user's own ray::codec,
// protobuf messages, cereal functions, listed fields.
#pragma once

#include <ray/actor_handle.h>
#include <ray/internal/codec_core.h>
#include <ray/internal/codec_eigen.h>
#include <ray/object_ref.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

namespace ray::inline v1::internal {

// ---- Refs and handles -----------------------------------------------------------------------

template <class T>
struct Codec<ObjectRef<T>> {
  static constexpr std::uint64_t version = hash_text("ref");
  template <class Sink>
  static void write(Sink& sink, const ObjectRef<T>& ref) {
    sink.cell(ref.ray$cell().get());
  }
  static void read(Decoder& decoder, ObjectRef<T>& ref) {
    ref = ObjectRef<T>(CellPointer(decoder.cell()));
  }
};

template <class C>
struct Codec<ActorHandle<C>> {
  static constexpr std::uint64_t version = hash_text("handle");
  template <class Sink>
  static void write(Sink& sink, const ActorHandle<C>& handle) {
    sink.cell(handle.ray$cell);
  }
  static void read(Decoder& decoder, ActorHandle<C>& handle) {
    handle = ActorHandle<C>(decoder.cell());
  }
};

// ---- The user's own ---------------------------------------------------------------------------

template <class T>
concept has_user_codec =
    (std::is_class_v<T> || std::is_union_v<T>) && requires { sizeof(ray::codec<T>); };

template <has_user_codec T>
struct Codec<T> {
  using Form = std::remove_cvref_t<decltype(ray::codec<T>::encode(std::declval<const T&>()))>;
  static constexpr std::uint64_t version = mix(ray::codec<T>::version, Codec<Form>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<Form>(sink, ray::codec<T>::encode(value));
  }
  static T make(Decoder& decoder) {
    Decoder::Nesting nesting(decoder);
    return ray::codec<T>::decode(internal::make<Form>(decoder));
  }
};

// ---- Protobuf ---------------------------------------------------------------------------------

template <class T>
concept protobuf_message =
    std::is_class_v<T> && requires(const T& in, T& out, void* to, const void* from, int size) {
      { in.ByteSizeLong() } -> std::convertible_to<std::size_t>;
      { in.SerializeToArray(to, size) } -> std::same_as<bool>;
      { out.ParseFromArray(from, size) } -> std::same_as<bool>;
    };

template <protobuf_message T>
  requires(!has_user_codec<T>)
struct Codec<T> {
  static constexpr std::uint64_t version = hash_text("protobuf");
  static void write(Sizer& sizer, const T& value) {
    sizer.length(size(value));
    sizer.raw(nullptr, size(value));
  }
  static void write(Encoder& encoder, const T& value) {
    std::size_t bytes = size(value);
    encoder.length(bytes);
    if (!value.SerializeToArray(encoder.reserve(bytes), static_cast<int>(bytes))) {
      throw_corrupt("a protobuf message that misses required fields");
    }
  }
  static void read(Decoder& decoder, T& value) {
    std::size_t bytes = decoder.count();
    if (bytes > kBytesMax || !value.ParseFromArray(decoder.take(bytes), static_cast<int>(bytes))) {
      throw_corrupt("no valid protobuf message");
    }
  }

 private:
  static constexpr std::size_t kBytesMax = std::numeric_limits<int>::max();
  static std::size_t size(const T& value) {
    std::size_t bytes = value.ByteSizeLong();
    if (bytes > kBytesMax) throw_corrupt("a protobuf message of 2 GiB or more");
    return bytes;
  }
};

// ---- Cereal -----------------------------------------------------------------------------------

// What cereal's helpers wrap, told by their names: no cereal header is needed here.
template <class A>
inline constexpr bool is_cereal = type_name<A>().starts_with("cereal::");

// The archives that a type's cereal functions are given.
template <class Sink>
class CerealOut {
 public:
  using is_saving = std::true_type;
  using is_loading = std::false_type;
  explicit CerealOut(Sink& sink) : sink_(sink) {}

  template <class... A>
  CerealOut& operator()(const A&... parts) {
    (part(parts), ...);
    return *this;
  }
  template <class A>
  CerealOut& operator<<(const A& value) {
    return (*this)(value);
  }
  template <class A>
  CerealOut& operator&(const A& value) {
    return (*this)(value);
  }

 private:
  template <class A>
  void part(const A& value) {
    if constexpr (!is_cereal<A>) {
      write<A>(sink_, value);
    } else if constexpr (requires { value.base_ptr; }) {
      write<std::remove_cvref_t<decltype(*value.base_ptr)>>(sink_, *value.base_ptr);
    } else if constexpr (requires { value.data; }) {
      sink_.raw(value.data, value.size);
    } else if constexpr (requires { value.size; }) {
      sink_.length(value.size);
    } else {
      write<std::remove_cvref_t<decltype(value.value)>>(sink_, value.value);
    }
  }
  Sink& sink_;
};

class CerealIn {
 public:
  using is_saving = std::false_type;
  using is_loading = std::true_type;
  explicit CerealIn(Decoder& decoder) : decoder_(decoder) {}

  template <class... A>
  CerealIn& operator()(A&&... parts) {
    (part(parts), ...);
    return *this;
  }
  template <class A>
  CerealIn& operator>>(A&& value) {
    return (*this)(value);
  }
  template <class A>
  CerealIn& operator&(A&& value) {
    return (*this)(value);
  }

 private:
  template <class A>
  void part(A& value) {
    if constexpr (!is_cereal<A>) {
      read<A>(decoder_, value);
    } else if constexpr (requires { value.base_ptr; }) {
      read<std::remove_cvref_t<decltype(*value.base_ptr)>>(decoder_, *value.base_ptr);
    } else if constexpr (requires { value.data; }) {
      std::memcpy(value.data, decoder_.take(value.size), value.size);
    } else if constexpr (requires { value.size; }) {
      value.size = decoder_.count();
    } else {
      read<std::remove_cvref_t<decltype(value.value)>>(decoder_, value.value);
    }
  }
  Decoder& decoder_;
};

using CerealProbe = CerealOut<Sizer>;

template <class T, class... V>
concept free_serialize = requires(T& x, CerealProbe& a, V... v) { serialize(a, x, v...); };
template <class T, class... V>
concept free_save = requires(const T& x, CerealProbe& a, V... v) { save(a, x, v...); };
template <class T, class... V>
concept free_save_minimal =
    requires(const T& x, CerealProbe& a, V... v) { save_minimal(a, x, v...); };

// A type's cereal functions that take V beside the archive: nothing, or the version of the class.
template <class T, class... V>
struct CerealFunctions {
  static constexpr bool has_save =
      access::has_save<T, CerealProbe, V...> && access::has_load<T, CerealIn, V...>;
  static constexpr bool has_save_minimal = access::has_save_minimal<T, CerealProbe, V...>;
  static constexpr bool has_serialize = access::has_serialize<T, CerealProbe, V...>;
  static constexpr bool exist = has_save || has_save_minimal || has_serialize ||
                                free_save<T, V...> || free_save_minimal<T, V...> ||
                                free_serialize<T, V...>;

  template <class A>
  static void write(A& archive, const T& value, V... version) {
    if constexpr (has_save) {
      access::save(value, archive, version...);
    } else if constexpr (has_save_minimal) {
      archive(access::save_minimal(value, archive, version...));
    } else if constexpr (has_serialize) {
      // Cereal's convention for saving.
      access::serialize(const_cast<T&>(value), archive, version...);
    } else if constexpr (free_save<T, V...>) {
      save(archive, value, version...);
    } else if constexpr (free_save_minimal<T, V...>) {
      archive(save_minimal(archive, value, version...));
    } else {
      serialize(archive, const_cast<T&>(value), version...);
    }
  }
  static void read(CerealIn& archive, T& value, V... version) {
    if constexpr (has_save) {
      access::load(value, archive, version...);
    } else if constexpr (has_save_minimal) {
      std::remove_cvref_t<decltype(access::save_minimal(value, archive, version...))> stored{};
      archive(stored);
      access::load_minimal(value, archive, stored, version...);
    } else if constexpr (has_serialize) {
      access::serialize(value, archive, version...);
    } else if constexpr (free_save<T, V...>) {
      load(archive, value, version...);
    } else if constexpr (free_save_minimal<T, V...>) {
      std::remove_cvref_t<decltype(save_minimal(archive, value, version...))> stored{};
      archive(stored);
      load_minimal(archive, value, std::as_const(stored), version...);
    } else {
      serialize(archive, value, version...);
    }
  }
};

template <class T>
inline constexpr bool has_cereal =
    CerealFunctions<T>::exist || CerealFunctions<T, std::uint32_t>::exist;

template <class T>
concept cereal_type = std::is_class_v<T> && !is_std<T> && !has_user_codec<T> &&
                      !protobuf_message<T> && !eigen_matrix<T> && has_cereal<T>;

// The version of the class is stored where its functions take one: they are given the writer's.
template <cereal_type T>
struct Codec<T> {
  static constexpr std::uint64_t version = mix(hash_text("cereal"), hash_text(type_name<T>()));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    CerealOut<Sink> archive(sink);
    unsigned char never_empty = 0;
    sink.raw(&never_empty, 1);
    if constexpr (CerealFunctions<T>::exist) {
      CerealFunctions<T>::write(archive, value);
    } else {
      const std::uint32_t of_class = access::class_version<T>::value();
      archive(of_class);
      CerealFunctions<T, std::uint32_t>::write(archive, value, of_class);
    }
  }
  static void read(Decoder& decoder, T& value) {
    Decoder::Nesting nesting(decoder);
    CerealIn archive(decoder);
    decoder.take(1);
    if constexpr (CerealFunctions<T>::exist) {
      CerealFunctions<T>::read(archive, value);
    } else {
      std::uint32_t of_class = 0;
      archive(of_class);
      CerealFunctions<T, std::uint32_t>::read(archive, value, of_class);
    }
  }
};

// ---- Fields -----------------------------------------------------------------------------------

template <class Sink>
class FieldWriter {
 public:
  explicit FieldWriter(Sink& sink) : sink_(sink) {}
  template <class M>
  void operator()(const char*, const M& field) {
    write<M>(sink_, field);
    empty_ = false;
  }
  template <class B>
  void base(const B& object) {
    write<B>(sink_, object);
    empty_ = false;
  }
  bool is_empty() const { return empty_; }

 private:
  Sink& sink_;
  bool empty_ = true;
};

class FieldReader {
 public:
  explicit FieldReader(Decoder& decoder) : decoder_(decoder) {}
  template <class M>
  void operator()(const char*, M& field) {
    static_assert(!std::is_const_v<M>, "a const field cannot be decoded [-Wray-not-serialisable]");
    read<M>(decoder_, field);
    empty_ = false;
  }
  template <class B>
  void base(B& object) {
    read<B>(decoder_, object);
    empty_ = false;
  }
  bool is_empty() const { return empty_; }

 private:
  Decoder& decoder_;
  bool empty_ = true;
};

template <class T>
concept has_fields = (std::is_class_v<T> || std::is_union_v<T>) && !is_std<T> &&
                     !has_user_codec<T> && !protobuf_message<T> && !eigen_matrix<T> &&
                     !has_cereal<T> && requires { access::fields<T>::version; };

template <has_fields T>
struct Codec<T> {
  using has_listed_fields = void;
  static constexpr std::uint64_t version = access::fields<T>::version;
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    FieldWriter<Sink> writer(sink);
    access::fields<T>::visit(writer, value);
    unsigned char never_empty = 0;
    if (writer.is_empty()) sink.raw(&never_empty, 1);
  }
  static void read(Decoder& decoder, T& value) {
    Decoder::Nesting nesting(decoder);
    FieldReader reader(decoder);
    access::fields<T>::visit(reader, value);
    if (reader.is_empty()) decoder.take(1);
  }
};

// A std exception as a base or field: its message.
template <class T>
concept std_exception =
    std::is_class_v<T> && is_std<T> && std::derived_from<T, std::exception> &&
    std::is_copy_assignable_v<T> &&
    (std::constructible_from<T, const std::string&> || std::is_default_constructible_v<T>);
template <std_exception T>
struct Codec<T> {
  static constexpr std::uint64_t version = hash_text(type_name<T>());
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<std::string>(sink, value.what());
  }
  static void read(Decoder& decoder, T& value) {
    std::string message = internal::make<std::string>(decoder);
    if constexpr (std::constructible_from<T, const std::string&>) value = T(message);
  }
};

}  // namespace ray::inline v1::internal
