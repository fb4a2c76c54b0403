// codec_pointer.h holds the codecs of smart pointers, which bring what they point to: behind a
// pointer to a class with virtual functions also an object of a class that derives from it.
//
// Generated code lists each such class with its bases; an object of one that no file lists is a
// ray::Error. Objects that shared_ptrs and weak_ptrs share within one value stay shared, as long as
// all point to them as the same type.
#pragma once

#include <ray/internal/codec_core.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <typeinfo>

namespace ray::inline v1::internal {

template <class E>
concept exactly_typed = !std::is_polymorphic_v<E> || std::is_final_v<E>;

// How an object of one class travels behind a pointer to one of its bases; `object` is such a
// pointer.
struct DerivedType {
  const std::type_info* type = nullptr;
  const void* base = nullptr;  // the tag of the base
  std::uint64_t key = 0;       // the same in every process
  void (*size)(Sizer&, const void* object) = nullptr;
  void (*encode)(Encoder&, const void* object) = nullptr;
  void* (*make)() = nullptr;
  void (*read)(Decoder&, void* object) = nullptr;
};
bool add_derived_type(const DerivedType& type);
// These throw ray::Error where no such class is listed.
const DerivedType& derived_type(const std::type_info& type, const void* base);
const DerivedType& derived_type(std::uint64_t key, const void* base);

constexpr std::uint64_t kExactly = 0;  // the key of an object of the very class that is pointed to

template <class E, class Sink>
void write_pointee(Sink& sink, const E& object) {
  if constexpr (exactly_typed<E>) {
    internal::write<E>(sink, object);
  } else {
    const bool is_exact = typeid(object) == typeid(E);
    if (is_exact && !std::is_abstract_v<E>) {
      internal::write<std::uint64_t>(sink, kExactly);
      internal::write<E>(sink, object);
      return;
    }
    const DerivedType& type = derived_type(typeid(object), &type_tag<E>);
    internal::write<std::uint64_t>(sink, type.key);
    if constexpr (std::is_same_v<Sink, Sizer>) {
      type.size(sink, &object);
    } else {
      type.encode(sink, &object);
    }
  }
}

// A pointee that is made before it is read, so that what is in it may point back to it.
template <class E>
class Pointee {
 public:
  static constexpr bool is_read_later = !requires(Decoder& d) { Codec<E>::make(d); };

  explicit Pointee(Decoder& decoder) {
    if constexpr (!exactly_typed<E>) {
      const std::uint64_t key = internal::make<std::uint64_t>(decoder);
      if (key != kExactly) {
        type_ = &derived_type(key, &type_tag<E>);
        object_.reset(static_cast<E*>(type_->make()));
        return;
      }
    }
    if constexpr (std::is_abstract_v<E>) {
      throw_corrupt("an object of an abstract class");
    } else if constexpr (is_read_later) {
      object_ = access::make_unique<E>();
    } else {
      object_.reset(new E(internal::make<E>(decoder)));
    }
  }

  E& operator*() const { return *object_; }
  std::unique_ptr<E> take() { return std::move(object_); }
  void read(Decoder& decoder, E& object) const {
    if (type_ != nullptr) {
      type_->read(decoder, &object);
    } else if constexpr (is_read_later && !std::is_abstract_v<E>) {
      internal::read<E>(decoder, object);
    }
  }

 private:
  std::unique_ptr<E> object_;
  const DerivedType* type_ = nullptr;
};

template <class E>
  requires(!std::is_array_v<E> && !std::is_void_v<E>)
struct Codec<std::unique_ptr<E>> {
  using T = std::unique_ptr<E>;
  using Plain = std::remove_const_t<E>;
  using parts = Parts<Plain>;
  static_assert(exactly_typed<Plain> || std::has_virtual_destructor_v<Plain>,
                "a unique_ptr to a class with virtual functions needs a virtual destructor");
  static constexpr std::uint64_t version = mix(hash_text("unique_ptr"), hash_text(type_name<E>()));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<bool>(sink, value != nullptr);
    if (value != nullptr) write_pointee<Plain>(sink, *value);
  }
  static void read(Decoder& decoder, T& value) {
    value = nullptr;
    if (!internal::make<bool>(decoder)) return;
    Pointee<Plain> pointee(decoder);
    pointee.read(decoder, *pointee);
    value = pointee.take();
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
    if (value == nullptr) {
      sink.length(0);
    } else if (sink.shared(value.get(), &type_tag<Plain>)) {
      write_pointee<Plain>(sink, *value);
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
  static T read_new(Decoder& decoder, std::size_t place) {
    Pointee<Plain> pointee(decoder);
    std::shared_ptr<Plain> made = pointee.take();
    decoder.shared()[place].object = made;
    pointee.read(decoder, *made);
    return made;
  }
};

// What is pointed to lives on where a shared_ptr in the same value points to it too.
template <class E>
struct Codec<std::weak_ptr<E>> {
  using T = std::weak_ptr<E>;
  using Strong = std::shared_ptr<E>;
  using parts = Parts<std::remove_const_t<E>>;
  static constexpr std::uint64_t version = mix(hash_text("weak"), Codec<Strong>::version);
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<Strong>(sink, value.lock());
  }
  static void read(Decoder& decoder, T& value) { value = internal::make<Strong>(decoder); }
};

// D behind a pointer to B.
template <class D, class B>
struct Behind {
  template <class Sink>
  static void write(Sink& sink, const void* object) {
    internal::write<D>(sink, static_cast<const D&>(*static_cast<const B*>(object)));
  }
  static void* make() { return static_cast<B*>(access::make_unique<D>().release()); }
  static void read(Decoder& decoder, void* object) {
    internal::read<D>(decoder, static_cast<D&>(*static_cast<B*>(object)));
  }
};

}  // namespace ray::inline v1::internal
