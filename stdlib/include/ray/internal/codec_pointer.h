// codec_pointer.h holds the codecs of smart pointers, which bring what they point to: behind a
// pointer to a class with virtual functions also an object of a class that derives from it.
//
// Generated code lists each such class with its bases; an object of one that no file lists is a
// ray::Error. Objects that shared_ptrs and weak_ptrs share within one value stay shared. Of a class
// without virtual functions nobody can tell that two pointers of different types share one: there
// all have to be of the same type.
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
  void* (*make)() = nullptr;  // a new object, as such a pointer
  void (*read)(Decoder&, void* object) = nullptr;
  std::shared_ptr<void> (*make_shared)() = nullptr;  // a new object, as its own class
  void* (*as_base)(void* made_shared) = nullptr;
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

// The class of the object that follows; null where it is E itself.
template <class E>
const DerivedType* read_type(Decoder& decoder) {
  if constexpr (!exactly_typed<E>) {
    const auto key = internal::make<std::uint64_t>(decoder);
    if (key != kExactly) return &derived_type(key, &type_tag<E>);
  }
  if constexpr (std::is_abstract_v<E>) throw_corrupt("an object of an abstract class");
  return nullptr;
}

// Whether an E is made before it is read, so that what is in it may point back to it.
template <class E>
inline constexpr bool is_read_later = !requires(Decoder& d) { Codec<E>::make(d); };

template <class E>
std::unique_ptr<E> make_exactly(Decoder& decoder) {
  if constexpr (std::is_abstract_v<E>) {
    return nullptr;
  } else if constexpr (is_read_later<E>) {
    return access::make_unique<E>();
  } else {
    return std::unique_ptr<E>(new E(internal::make<E>(decoder)));
  }
}

template <class E>
void read_pointee(Decoder& decoder, const DerivedType* type, E& object) {
  if (type != nullptr) {
    type->read(decoder, &object);
  } else if constexpr (is_read_later<E> && !std::is_abstract_v<E>) {
    internal::read<E>(decoder, object);
  }
}

template <class E>
  requires(!std::is_array_v<E> && !std::is_void_v<E>)
struct Codec<std::unique_ptr<E>> {
  using T = std::unique_ptr<E>;
  using Plain = std::remove_const_t<E>;
  using parts = Parts<Plain>;
  static_assert(exactly_typed<Plain> || std::has_virtual_destructor_v<Plain>,
                "a unique_ptr to a class with virtual functions needs a virtual destructor "
                "[-Wray-not-serialisable]");
  static constexpr std::uint64_t version = mix(hash_text("unique_ptr"), hash_text(type_name<E>()));
  template <class Sink>
  static void write(Sink& sink, const T& value) {
    internal::write<bool>(sink, value != nullptr);
    if (value != nullptr) write_pointee<Plain>(sink, *value);
  }
  static void read(Decoder& decoder, T& value) {
    value = nullptr;
    if (!internal::make<bool>(decoder)) return;
    const DerivedType* type = read_type<Plain>(decoder);
    std::unique_ptr<Plain> made = type == nullptr
                                      ? make_exactly<Plain>(decoder)
                                      : std::unique_ptr<Plain>(static_cast<Plain*>(type->make()));
    read_pointee(decoder, type, *made);
    value = std::move(made);
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
    } else if (is_new(sink, *value)) {
      write_pointee<Plain>(sink, *value);
    }
  }
  static void read(Decoder& decoder, T& value) {
    const std::uint64_t number = decoder.length();
    auto& met = decoder.shared();
    if (number == 0) {
      value = nullptr;
    } else if (number <= met.size()) {
      if (met[number - 1].object == nullptr) throw_corrupt("a shared object inside itself");
      value = met_before(met[number - 1]);
    } else if (number == met.size() + 1) {
      met.emplace_back();
      value = read_new(decoder, number - 1);
    } else {
      throw_corrupt("a shared object with no place");
    }
  }

 private:
  template <class Sink>
  static bool is_new(Sink& sink, const Plain& object) {
    if constexpr (std::is_polymorphic_v<Plain>) {
      return sink.shared(dynamic_cast<const void*>(&object), nullptr);
    } else {
      return sink.shared(&object, &type_tag<Plain>);
    }
  }

  static T met_before(const Decoder::Shared& shared) {
    if constexpr (std::is_polymorphic_v<Plain>) {
      if (shared.own_class == nullptr) throw_corrupt("a shared object of another type");
      if (*shared.own_class != typeid(Plain)) {
        const DerivedType& type = derived_type(*shared.own_class, &type_tag<Plain>);
        return T(shared.object, static_cast<Plain*>(type.as_base(shared.object.get())));
      }
    } else if (shared.type != &type_tag<Plain>) {
      throw_corrupt("a shared object of another type");
    }
    return std::static_pointer_cast<E>(shared.object);
  }

  static T read_new(Decoder& decoder, std::size_t place) {
    const DerivedType* type = read_type<Plain>(decoder);
    Decoder::Shared shared;
    std::shared_ptr<Plain> made;
    if (type == nullptr) {
      made = make_exactly<Plain>(decoder);
      shared.object = made;
      shared.type = &type_tag<Plain>;
      if constexpr (std::is_polymorphic_v<Plain>) shared.own_class = &typeid(Plain);
    } else {
      shared.object = type->make_shared();
      shared.own_class = type->type;
      made = {shared.object, static_cast<Plain*>(type->as_base(shared.object.get()))};
    }
    decoder.shared()[place] = std::move(shared);
    read_pointee(decoder, type, *made);
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
  static std::shared_ptr<void> make_shared() {
    return std::shared_ptr<D>(access::make_unique<D>());
  }
  static void* as_base(void* made_shared) { return static_cast<B*>(static_cast<D*>(made_shared)); }
};

}  // namespace ray::inline v1::internal
