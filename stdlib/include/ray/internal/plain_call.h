// plain_call.h holds the identities of callables that ray-cc has not seen: they name a function by
// its number in a table of this process.
#pragma once

#include <ray/internal/generated.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace ray::inline v1::internal {

// The record of an annotated function that can be called this way, or null. Throws ray::Error for
// one with several returns.
FunctionRecord* annotated_function(const void* pointer, const void* type);
template <class Pointer>
FunctionRecord* annotated_function(Pointer pointer) {
  return annotated_function(&pointer, &type_tag<Pointer>);
}

// Numbers pointers of one type, told by its tag, by their bytes: at most 16.
std::uint64_t number_of_pointer(const void* pointer, std::size_t size, const void* tag);
// Throws ray::Error where this process has not numbered such a pointer.
void pointer_of_number(std::uint64_t number, void* pointer, std::size_t size, const void* tag);

template <class Pointer>
struct PlainPointer {
  static_assert(sizeof(Pointer) <= 16);
  static std::uint64_t number(Pointer pointer) {
    return number_of_pointer(&pointer, sizeof(pointer), &type_tag<Pointer>);
  }
  static Pointer pointer(std::uint64_t number) {
    Pointer pointer;
    pointer_of_number(number, &pointer, sizeof(pointer), &type_tag<Pointer>);
    return pointer;
  }
};

template <class R, class... P>
struct PlainFunction {
  using type = R(std::uint64_t, P...);
  static constexpr FunctionInfo info{.name = "(function)",
                                     .signature = type_names<R(P...)>().data()};
  static TaskOptions options() { return {}; }
  template <class... A>
  static R call(std::uint64_t number, A&&... arguments) {
    return PlainPointer<R (*)(P...)>::pointer(number)(std::forward<A>(arguments)...);
  }
};

template <class C, class Method, class R, class... P>
struct PlainMember {
  using type = R(std::uint64_t, P...);
  using object = C;
  static constexpr FunctionInfo info{.name = "(method)", .signature = type_names<Method>().data()};
  static MethodOptions options() { return {}; }
  template <class... A>
  static R call(C& object, std::uint64_t number, A&&... arguments) {
    return (object.*PlainPointer<Method>::pointer(number))(std::forward<A>(arguments)...);
  }
};

// What a constructor's argument of type A is passed as.
template <class A>
using plain_argument_t =
    std::conditional_t<std::is_convertible_v<std::decay_t<A>, const char*>, std::string,
                       std::remove_cvref_t<unwrapped_t<std::decay_t<A>>>>;

template <class C, class... A>
struct PlainConstructor {
  using type = C(A...);
  using object = C;
  static constexpr FunctionInfo info{.name = "(constructor)",
                                     .signature = type_names<C, A...>().data()};
  static ActorOptions options() { return {}; }
  template <class... B>
  static std::unique_ptr<C> call(B&&... arguments) {
    return std::unique_ptr<C>(new C(std::forward<B>(arguments)...));
  }
};

}  // namespace ray::inline v1::internal
