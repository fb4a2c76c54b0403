// identity.h is the types that generated stubs are declared with, and the registry record that is
// made of each identity. generated.h tells what an identity is.
#pragma once

#include <ray/actor_handle.h>
#include <ray/internal/codec_eigen.h>
#include <ray/internal/codec_stream.h>
#include <ray/internal/engine.h>
#include <ray/internal/registry.h>
#include <ray/object_ref.h>
#include <ray/options.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace ray::inline v1 {

template <class T>
class Generator;
template <class T>
class ObjectRefGenerator;
template <class T>
class Task;

namespace internal {

// What a selector returns: which overload was picked, and what a remote call of it gives.
template <class Identity, class Result>
struct selected {
  using identity = Identity;
  using result = Result;
};

// What a coroutine results in, or any other function that returns R.
template <class R>
struct Awaited {
  static constexpr bool is_task = false;
  using type = R;
};
template <class T>
struct Awaited<Task<T>> {
  static constexpr bool is_task = true;
  using type = T;
};
template <class R>
inline constexpr bool is_task = Awaited<std::remove_cvref_t<R>>::is_task;
template <class R>
using awaited_t = typename Awaited<R>::type;

// What a remote call of a function that returns R gives.
template <class R, std::size_t NumReturns>
struct Result {
  static_assert(NumReturns == 1,
                "num_returns needs a function that returns a std::tuple [-Wray-num-returns]");
  using type = ObjectRef<std::remove_cvref_t<R>>;
};
template <class... T, std::size_t NumReturns>
  requires(NumReturns > 1)
struct Result<std::tuple<T...>, NumReturns> {
  static_assert(sizeof...(T) == NumReturns,
                "num_returns differs from the size of the std::tuple [-Wray-num-returns]");
  using type = std::tuple<ObjectRef<T>...>;
};
template <class T>
struct Result<Generator<T>, 1> {
  using type = ObjectRefGenerator<T>;
};
template <class R, std::size_t NumReturns = 1>
using result_t = typename Result<awaited_t<R>, NumReturns>::type;

template <class A>
struct RefTraits {
  static constexpr bool is_ref = false;
  static constexpr bool is_list = false;
};
template <class T>
struct RefTraits<ObjectRef<T>> {
  static constexpr bool is_ref = true;
  static constexpr bool is_list = false;
  using value = T;
};
template <class T, class Allocator>
struct RefTraits<std::vector<ObjectRef<T>, Allocator>> {
  static constexpr bool is_ref = false;
  static constexpr bool is_list = true;
  using value = std::vector<T>;
};
template <class A>
using ref_traits = RefTraits<std::remove_cvref_t<A>>;

// Whether some argument is an ObjectRef or a std::vector of them.
template <class... A>
concept any_ref = ((ref_traits<A>::is_ref || ref_traits<A>::is_list) || ...);

// What an argument of type A counts as when overloads are chosen: a ref as its value, a vector of
// refs as a vector of values.
template <class A>
struct Unwrapped {
  using type = A&&;
};
template <class A>
  requires any_ref<A>
struct Unwrapped<A> {
  using type = typename ref_traits<A>::value&&;
};
template <class A>
  requires(any_ref<A> && std::is_void_v<typename ref_traits<A>::value>)
struct Unwrapped<A> {
  using type = A&&;  // stands for no value
};
template <class A>
using unwrapped_t = typename Unwrapped<A>::type;

// A ref among arguments some of which are for parameters declared as refs: it is what is asked for.
template <class A>
struct RefOrValue {
  using type = A&&;
};
template <class A>
  requires any_ref<A>
struct RefOrValue<A> {
  struct type {
    operator std::remove_cvref_t<A>() const;
    operator std::remove_reference_t<unwrapped_t<A>>() const
      requires(!std::is_same_v<unwrapped_t<A>, A &&>);
  };
};
template <class A>
using ref_or_value_t = typename RefOrValue<A>::type;

// A ref of an Eigen matrix counts as the Map that shows it, which no matrix converts to.
template <class A>
struct UnwrappedAsMap {
  using type = unwrapped_t<A>;
};
template <class A>
  requires eigen_matrix<std::remove_cvref_t<unwrapped_t<A>>> && any_ref<A>
struct UnwrappedAsMap<A> {
  using type = map_of<std::remove_cvref_t<unwrapped_t<A>>>;
};
template <class A>
using unwrapped_as_map_t = typename UnwrappedAsMap<A>::type;

template <class S, class... A>
concept selects = requires { S::select(std::declval<A>()...); };

// The overload of set S that a call with arguments A... picks; no type where it picks none. Refs
// count as their values where that gives a call, else as themselves, else as either, else as Maps.
template <class S, class... A>
struct Selection {};
template <class S, class... A>
  requires selects<S, unwrapped_t<A>...>
struct Selection<S, A...> {
  using type = decltype(S::select(std::declval<unwrapped_t<A>>()...));
};
template <class S, class... A>
  requires(!selects<S, unwrapped_t<A>...> && selects<S, A...>)
struct Selection<S, A...> {
  using type = decltype(S::select(std::declval<A>()...));
};
template <class S, class... A>
  requires(!selects<S, unwrapped_t<A>...> && !selects<S, A...> && selects<S, ref_or_value_t<A>...>)
struct Selection<S, A...> {
  using type = decltype(S::select(std::declval<ref_or_value_t<A>>()...));
};
template <class S, class... A>
  requires(!selects<S, unwrapped_t<A>...> && !selects<S, A...> &&
           !selects<S, ref_or_value_t<A>...> && selects<S, unwrapped_as_map_t<A>...>)
struct Selection<S, A...> {
  using type = decltype(S::select(std::declval<unwrapped_as_map_t<A>>()...));
};
template <class S, class... A>
using selection_t = typename Selection<S, A...>::type;
template <class S, class... A>
using selected_result_t = typename selection_t<S, A...>::result;

// The arguments of a template's instance, as the compiler writes them.
template <class... T>
consteval std::string_view type_names() {
  std::string_view text = __PRETTY_FUNCTION__;
  return text.substr(text.find("T = "));
}

struct FunctionInfo {
  const char* name = "";       // "ns::retrieve", "Tracker::count", "Tracker::Tracker"
  const char* signature = "";  // "Item (int, const std::vector<std::string> &)"
  const char* file = "";
  std::uint32_t line = 0;
  std::uint16_t num_returns = 1;
  bool internal = false;  // not seen by other files, which may have their own of that name
  std::string_view specialisation = {};  // of a template's instance: type_names<T...>()

  // The same in every build of the same declarations.
  constexpr std::uint64_t key() const {
    std::uint64_t key = mix(hash_text(name), hash_text(signature));
    if (!specialisation.empty()) key = mix(key, hash_text(specialisation));
    return internal ? mix(key, hash_text(file)) : key;
  }
};

template <std::size_t I>
struct Index {};

// T, looked into when the template around is instantiated: it may not be complete before.
template <class T, class... Dependent>
struct Later {
  using type = T;
};
template <class T, class... Dependent>
using later_t = typename Later<T, Dependent...>::type;

// A template parameter that ends a list of explicit arguments: what follows is deduced.
enum class Given { all };

template <class Type>
struct Signature;
template <class R, class... P>
struct Signature<R(P...)> {
  static constexpr std::size_t arity = sizeof...(P);
  using result = R;
  template <std::size_t I>
  using parameter = std::remove_cvref_t<std::tuple_element_t<I, std::tuple<P...>>>;
};

// Parameter I of list N of set S, without reference and const: what braces become.
template <class S, std::size_t N, std::size_t I>
using braced_t = typename decltype(S::arguments(Index<N>()))::template parameter<I>;

template <class R>
inline constexpr bool is_generator = false;
template <class T>
inline constexpr bool is_generator<Generator<T>> = true;

template <class F>
consteval FunctionRecord::Kind kind_of() {
  if constexpr (!requires { typename F::object; }) {
    return FunctionRecord::Kind::task;
  } else if constexpr (std::is_same_v<decltype(F::options()), ActorOptions>) {
    return FunctionRecord::Kind::constructor;
  } else {
    return FunctionRecord::Kind::method;
  }
}

template <class F>
void dispatch(Execution& execution);

template <class F>
void annotated_options(CallOptions& options) {
  if constexpr (requires { F::options(); }) overlay(options, F::options());
}

template <class F>
bool is_pointed_to_by(const void* pointer, const void* type) {
  if constexpr (requires { F::pointer; }) {
    using Pointer = std::remove_const_t<decltype(F::pointer)>;
    return type == &type_tag<Pointer> && *static_cast<const Pointer*>(pointer) == F::pointer;
  } else {
    return false;
  }
}

template <class F>
consteval bool is_async() {
  if constexpr (requires { F::is_async; }) return F::is_async;
  return false;
}

// The record of F, once per program, listed in the linker section "ray_functions". Generated code
// instantiates it explicitly; a use instantiates it too.
template <class F>
struct Register {
  static FunctionRecord record;
  static FunctionRecord* const entry;
#if !defined(__clang__)
  static const bool is_listed;  // g++ has no sections for what templates make
#endif
};
template <class F>
constinit FunctionRecord Register<F>::record{
    .kind = kind_of<F>(),
    .is_generator = is_generator<typename Signature<typename F::type>::result>,
    .num_returns = F::info.num_returns,
    .key = F::info.key(),
    .name = F::info.name,
    .signature = F::info.signature,
    .file = F::info.file,
    .line = F::info.line,
    .dispatch = &dispatch<F>,
    .options = &annotated_options<F>,
    .is_pointed_to_by = &is_pointed_to_by<F>,
    .is_async = is_async<F>()};
template <class F>
[[gnu::used, gnu::retain, gnu::section("ray_functions")]] FunctionRecord* const Register<F>::entry =
    &Register<F>::record;
#if !defined(__clang__)
template <class F>
const bool Register<F>::is_listed = add_function(Register<F>::record, &functions_added);
#endif

}  // namespace internal
}  // namespace ray::inline v1
