// values.h makes a value of any type from a number, and a number of any value: all that a random
// program computes. A class joins in by `static T made(std::uint64_t)` and `digest() const`.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace values {

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b = 0) {
  std::uint64_t x = a * 0x9e3779b97f4a7c15 + b + 0x632be59bd9b4e019;
  x = (x ^ (x >> 31)) * 0xbf58476d1ce4e5b9;
  return x ^ (x >> 29);
}

template <class T>
struct Value;

template <class T>
T make(std::uint64_t seed) {
  return Value<T>::make(mix(seed));
}
template <class T>
std::uint64_t digest(const T& value) {
  return Value<T>::digest(value);
}
template <class... T>
std::uint64_t digest_all(const T&... values) {
  std::uint64_t sum = 7;
  ((sum = mix(sum, digest(values))), ...);
  return sum;
}

template <class T>
concept made_by_itself = requires(const T& x) {
  T::made(1);
  x.digest();
};
template <made_by_itself T>
struct Value<T> {
  static T make(std::uint64_t seed) { return T::made(seed); }
  static std::uint64_t digest(const T& value) { return value.digest(); }
};

template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
struct Value<T> {
  static T make(std::uint64_t seed) {
    if constexpr (std::is_same_v<T, bool>) return seed % 2 == 0;
    return static_cast<T>(seed);
  }
  static std::uint64_t digest(T value) { return mix(static_cast<std::uint64_t>(value)); }
};

template <>
struct Value<double> {
  static double make(std::uint64_t seed) { return static_cast<double>(seed % 1000003) / 64; }
  static std::uint64_t digest(double value) { return mix(std::bit_cast<std::uint64_t>(value)); }
};

template <>
struct Value<std::string> {
  static std::string make(std::uint64_t seed) {
    std::string text;
    for (std::uint64_t i = 0; i < seed % 40; ++i) text += static_cast<char>(mix(seed, i));
    return text;
  }
  static std::uint64_t digest(const std::string& value) {
    std::uint64_t sum = value.size();
    for (const char c : value) sum = mix(sum, static_cast<unsigned char>(c));
    return sum;
  }
};

template <class A, class B>
struct Value<std::pair<A, B>> {
  static std::pair<A, B> make(std::uint64_t seed) {
    return {values::make<A>(seed), values::make<B>(seed + 1)};
  }
  static std::uint64_t digest(const std::pair<A, B>& value) {
    return digest_all(value.first, value.second);
  }
};

template <class... T>
struct Value<std::tuple<T...>> {
  static std::tuple<T...> make(std::uint64_t seed) { return {values::make<T>(++seed)...}; }
  static std::uint64_t digest(const std::tuple<T...>& value) {
    return std::apply([](const T&... parts) { return digest_all(parts...); }, value);
  }
};

template <class T>
struct Value<std::optional<T>> {
  static std::optional<T> make(std::uint64_t seed) {
    if (seed % 4 == 0) return std::nullopt;
    return values::make<T>(seed);
  }
  static std::uint64_t digest(const std::optional<T>& value) {
    return value ? mix(1, values::digest(*value)) : 5;
  }
};

template <class... T>
struct Value<std::variant<T...>> {
  static std::variant<T...> make(std::uint64_t seed) {
    std::variant<T...> value;
    std::uint64_t index = 0;
    ((index++ == seed % sizeof...(T) ? (void)(value = values::make<T>(seed)) : (void)0), ...);
    return value;
  }
  static std::uint64_t digest(const std::variant<T...>& value) {
    return mix(value.index(), std::visit([](const auto& x) { return values::digest(x); }, value));
  }
};

template <class P>
struct PointerValue {
  using T = typename P::element_type;
  static P make(std::uint64_t seed) {
    return seed % 4 == 0 ? P() : P(new T(values::make<T>(seed)));
  }
  static std::uint64_t digest(const P& value) { return value ? mix(2, values::digest(*value)) : 3; }
};
template <class T>
struct Value<std::unique_ptr<T>> : PointerValue<std::unique_ptr<T>> {};
template <class T>
struct Value<std::shared_ptr<T>> : PointerValue<std::shared_ptr<T>> {};

template <class T, std::size_t kCount>
struct Value<std::array<T, kCount>> {
  static std::array<T, kCount> make(std::uint64_t seed) {
    std::array<T, kCount> value;
    for (T& element : value) element = values::make<T>(++seed);
    return value;
  }
  static std::uint64_t digest(const std::array<T, kCount>& value) {
    std::uint64_t sum = 0;
    for (const T& element : value) sum = mix(sum, values::digest(element));
    return sum;
  }
};

// Containers, ordered or not: their digest does not depend on the order that a hash chose.
template <class C, class Element>
struct ContainerValue {
  static C make(std::uint64_t seed) {
    C value;
    for (std::uint64_t i = 0; i < seed % 6; ++i) {
      value.insert(value.end(), values::make<Element>(seed + i));
    }
    return value;
  }
  static std::uint64_t digest(const C& value) {
    std::uint64_t sum = value.size();
    std::uint64_t place = 0;
    for (const auto& element : value) {
      sum += mix(values::digest(static_cast<const Element&>(element)), kIsOrdered ? ++place : 0);
    }
    return sum;
  }
  static constexpr bool kIsOrdered = !requires(const C& x) { x.hash_function(); };
};
template <class T>
struct Value<std::vector<T>> : ContainerValue<std::vector<T>, T> {};
template <class T>
struct Value<std::deque<T>> : ContainerValue<std::deque<T>, T> {};
template <class T>
struct Value<std::list<T>> : ContainerValue<std::list<T>, T> {};
template <class T>
struct Value<std::set<T>> : ContainerValue<std::set<T>, T> {};
template <class K, class T>
struct Value<std::map<K, T>> : ContainerValue<std::map<K, T>, std::pair<K, T>> {};
template <class K, class T>
struct Value<std::unordered_map<K, T>> : ContainerValue<std::unordered_map<K, T>, std::pair<K, T>> {
};

}  // namespace values
