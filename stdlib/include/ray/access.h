// access.h is the two names through which a type says how it travels: ray::codec, which users
// specialise, and ray::access, which ray-cc's generated code does. codec.h tells the rules.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace ray::inline v1 {

// For types whose state cannot be listed, such as a library's with private members. Specialise it
// with what stands for a T on the wire, of any type that has a codec itself:
//
//   template <> struct ray::codec<Decimal> {
//     static constexpr std::uint64_t version = 1;                  // change it with the format
//     static std::string encode(const Decimal& d) { return d.to_string(); }
//     static Decimal decode(std::string text) { return Decimal(text); }
//   };
template <class T>
struct codec;

// The one friend of every class that ray-cc compiles: what the library does with private parts.
struct access {
  // A list of T's fields, in the order of declaration, `X` being T or const T:
  //
  //   template <> struct ray::access::fields<Point> {
  //     static constexpr std::uint64_t version = 0x5bd1e995;       // hash of the definition
  //     template <class V, class X> static constexpr void visit(V& ray_v, X& ray_x) {
  //       ray_v.base(static_cast<ray::access::like<X, Shape>&>(ray_x));   // bases first
  //       ray_v("x", ray_x.x);
  //       auto ray_b = ray_x.bits;                                       // a bit-field
  //       ray_v("bits", ray_b);
  //       ray::access::assign(ray_x, [&](auto& ray_y) { ray_y.bits = ray_b; });
  //     }
  //   };
  template <class T>
  struct fields;

  // B, const where X is.
  template <class X, class B>
  using like = std::conditional_t<std::is_const_v<X>, const B, B>;

  // The members of one union, as the bytes that they share.
  template <class M, class... More>
  static auto& overlaid(M& first, More&...) {
    static_assert((std::is_trivially_copyable_v<M> && ... && std::is_trivially_copyable_v<More>),
                  "a union with a member that cannot be copied as its bytes cannot be serialised "
                  "[-Wray-not-serialisable]");
    constexpr std::size_t size = std::max({sizeof(M), sizeof(More)...});
    return reinterpret_cast<like<M, std::byte>(&)[size]>(first);
  }

  // Runs `set(x)`, unless x is const: how a bit-field, which no reference binds to, is stored.
  template <class X, class Set>
  static void assign(X& x, Set&& set) {
    if constexpr (!std::is_const_v<X>) set(x);
  }

  template <class T>
  static constexpr bool can_make = requires { T{}; } || requires { T(); };
  template <class T>
  static T make() {
    if constexpr (requires { T(); }) {
      return T();
    } else {
      return T{};
    }
  }
  template <class T>
  static std::unique_ptr<T> make_unique() {
    return std::unique_ptr<T>(new T());
  }

  // Cereal's conventions, looked for with the rights of a friend. V is nothing, or the version of
  // the class, which such a function may ask for.
  template <class T, class A, class... V>
  static constexpr bool has_serialize = requires(T& t, A& a, V... v) { t.serialize(a, v...); };
  template <class T, class A, class... V>
  static constexpr bool has_save = requires(const T& t, A& a, V... v) { t.save(a, v...); };
  template <class T, class A, class... V>
  static constexpr bool has_load = requires(T& t, A& a, V... v) { t.load(a, v...); };
  template <class T, class A, class... V>
  static constexpr bool has_save_minimal =
      requires(const T& t, A& a, V... v) { t.save_minimal(a, v...); };

  template <class T, class A, class... V>
  static void serialize(T& t, A& a, V... v) {
    t.serialize(a, v...);
  }
  template <class T, class A, class... V>
  static void save(const T& t, A& a, V... v) {
    t.save(a, v...);
  }
  template <class T, class A, class... V>
  static void load(T& t, A& a, V... v) {
    t.load(a, v...);
  }
  template <class T, class A, class... V>
  static auto save_minimal(const T& t, A& a, V... v) {
    return t.save_minimal(a, v...);
  }
  template <class T, class A, class M, class... V>
  static void load_minimal(T& t, A& a, const M& m, V... v) {
    t.load_minimal(a, m, v...);
  }

  // That version: where CEREAL_CLASS_VERSION or BOOST_CLASS_VERSION may set one, ray-cc specialises
  // it for all classes.
  template <class T, class = void>
  struct class_version {
    static std::uint32_t value() { return 0; }
  };
};

}  // namespace ray::inline v1
