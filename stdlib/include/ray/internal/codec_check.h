// codec_check.h finds, while compiling, what in a type cannot be serialised, so that the error
// names one class and one of its fields instead of every template on the way there.
#pragma once

#include <ray/access.h>
#include <ray/internal/codec_core.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>

namespace ray::inline v1::internal {

// Where a problem is. Only the types' names matter: the compiler prints them.
template <class Type>
struct TypeIs {
  static void here();
};
template <class Class, class Field>
struct FieldIs {
  static void here();
};

struct Problem {
  void (*place)() = nullptr;    // null: there is no problem
  const char* field = nullptr;  // null: the type itself
};

// The classes that a walk is inside of.
struct Walk {
  const Walk* outer;
  const void* type;
};

template <class T>
constexpr Problem problem_of(const Walk* outer);

template <class Class>
class FieldChecker {
 public:
  explicit constexpr FieldChecker(const Walk* walk) : walk_(walk) {}

  template <class M>
  constexpr void operator()(const char* name, M&) {
    if (problem_.place != nullptr) return;
    if constexpr (!std::is_const_v<M>) problem_ = problem_of<M>(walk_);
    if (!std::is_const_v<M> && (problem_.place == nullptr || problem_.field != nullptr)) return;
    problem_ = {&FieldIs<Class, M>::here, name};
  }
  template <class B>
  constexpr void base(B&) {
    if (problem_.place == nullptr) problem_ = problem_of<std::remove_cv_t<B>>(walk_);
  }
  constexpr Problem problem() const { return problem_; }

 private:
  const Walk* walk_;
  Problem problem_;
};

template <class... E>
constexpr Problem problem_of_parts(const Walk* outer, Parts<E...>) {
  Problem problem;
  (void)((problem = problem_of<E>(outer), problem.place != nullptr) || ...);
  return problem;
}

template <class T>
constexpr Problem problem_of(const Walk* outer) {
  if constexpr (!has_codec<T>) {
    return {.place = &TypeIs<T>::here};
  } else if constexpr (requires { typename Codec<T>::parts; }) {
    return problem_of_parts(outer, typename Codec<T>::parts());
  } else if constexpr (requires { typename Codec<T>::has_listed_fields; }) {
    for (const Walk* walk = outer; walk != nullptr; walk = walk->outer) {
      if (walk->type == &type_tag<T>) return {};
    }
    Walk walk{outer, &type_tag<T>};
    FieldChecker<T> checker(&walk);
    // An object that exists for the compiler only: its members are named, never read.
    std::allocator<T> memory;
    T* imagined = memory.allocate(1);
    access::fields<T>::visit(checker, *imagined);
    memory.deallocate(imagined, 1);
    return checker.problem();
  } else {
    return {};
  }
}

// Not every class can be walked by the compiler: one with bit-fields cannot.
template <class T>
concept can_be_walked = requires { typename std::bool_constant<(problem_of<T>(nullptr), true)>; };

// Whether a T can be serialised, as far as can be told beforehand.
template <class T>
inline constexpr bool can_travel = true;
template <can_be_walked T>
  requires(!std::is_void_v<T>)
inline constexpr bool can_travel<T> = problem_of<T>(nullptr).place == nullptr;

template <std::size_t N>
struct Name {
  char text[N] = {};
};

template <void (*Place)(), Name Field>
struct FieldCannotTravel {
  static_assert(Place == nullptr,
                "a field cannot be serialised: the next line names its class, its type and itself "
                "[-Wray-not-serialisable]");
};
template <void (*Place)()>
struct TypeCannotTravel {
  static_assert(
      Place == nullptr,
      "a type cannot be serialised: the next line names it; ray knows numbers, enums, std "
      "types, classes whose fields ray-cc lists, and those with cereal functions or a "
      "ray::codec [-Wray-not-serialisable]");
};

// The error where can_travel<T> is false. A member of a class: a function template whose body has
// an error is not found a second time, which would be another error.
template <class T>
struct Refusal {
  [[noreturn]] static void raise() {
    constexpr Problem problem = problem_of<T>(nullptr);
    if constexpr (problem.field != nullptr) {
      constexpr std::size_t length = std::string_view(problem.field).size();
      constexpr auto name = [] {
        Name<length + 1> copy;
        for (std::size_t i = 0; i < length; ++i) copy.text[i] = problem.field[i];
        return copy;
      }();
      (void)sizeof(FieldCannotTravel<problem.place, name>);
    } else {
      (void)sizeof(TypeCannotTravel<problem.place>);
    }
    throw_corrupt("never: this does not compile");
  }
};

// A whole encoded value.
template <class T>
T decode_value(const Value& encoded) {
  if constexpr (!can_travel<T>) {
    Refusal<T>::raise();
  } else {
    Decoder decoder(encoded.bytes, encoded.nested);
    if constexpr (std::is_void_v<T>) {
      decoder.finish();
    } else {
      T value = make<T>(decoder);
      decoder.finish();
      return value;
    }
  }
}

}  // namespace ray::inline v1::internal
