// lambda.h makes a task of a lambda, which takes its captures along:
//
//   auto scale = ray::remote([factor](double x) { return factor * x; });
//   scale.remote(2.0);  scale.options({.num_cpus = 2}).remote(ref);
//
// The lambda is written in the call, and captures by value. ray-cc turns what it captures, also by
// [=], into an argument: copied when the task is made, it travels with each call.
//
// Threading: any thread. Ownership: the task owns the captures.
#pragma once

#include <ray/internal/configured_call.h>
#include <ray/internal/generated.h>
#include <ray/internal/plain_call.h>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ray::inline v1 {

namespace internal {

// The function around a lambda, which tells the lambdas of a template's instances apart, and the
// lambda's number in its file, for those that a macro writes at one place.
template <std::size_t N>
struct Here {
  static constexpr std::size_t kDigits = 8;
  char text[N + kDigits] = {};
  consteval Here(const char (&name)[N], unsigned number) {
    for (std::size_t i = 0; i + 1 < N; ++i) text[i] = name[i];
    for (std::size_t i = 0; i < kDigits; ++i, number /= 10) {
      text[N + kDigits - 2 - i] = static_cast<char>('0' + number % 10);
    }
  }
};

template <class... T>
std::tuple<std::decay_t<T>...> captured(T&&... values) {
  return std::tuple<std::decay_t<T>...>(std::forward<T>(values)...);
}

// The type of a lambda's call: that of R (L::*)(P...).
template <class Call>
struct CallOf;
template <class L, class R, class... P>
struct CallOf<R (L::*)(P...)> {
  using type = R(P...);
};
template <class L, class R, class... P>
struct CallOf<R (L::*)(P...) const> : CallOf<R (L::*)(P...)> {};
template <class L, class R, class... P>
struct CallOf<R (L::*)(P...) noexcept> : CallOf<R (L::*)(P...)> {};
template <class L, class R, class... P>
struct CallOf<R (L::*)(P...) const noexcept> : CallOf<R (L::*)(P...)> {};

// Call with as many of its parameters as there are indices, where those do for L: it may have
// defaults for the others.
template <class L, class Call, class Indices>
struct FirstOf {};
template <class L, class R, class... P, std::size_t... I>
  requires(sizeof...(I) == sizeof...(P))
struct FirstOf<L, R(P...), std::index_sequence<I...>> {
  using type = R(P...);
};
template <class L, class R, class... P, std::size_t... I>
  requires(sizeof...(I) < sizeof...(P) &&
           std::is_invocable_v<L, std::tuple_element_t<I, std::tuple<P...>>...>)
struct FirstOf<L, R(P...), std::index_sequence<I...>> {
  using type = R(std::tuple_element_t<I, std::tuple<P...>>...);
};

// The type of a call of L with arguments A, if there can be one: of a generic lambda, that of their
// values.
template <class L, class... A>
struct LambdaCall {};
template <class L, class... A>
  requires requires { &L::operator(); }
struct LambdaCall<L, A...>
    : FirstOf<L, typename CallOf<decltype(&L::operator())>::type, std::index_sequence_for<A...>> {};
// Not by std::is_invocable: an error in the lambda's body would be shown through all of its parts.
template <class L, class... A>
using body_result_t = decltype(std::declval<L>()(std::declval<A>()...));
template <class L, class... A>
  requires(
      !requires { &L::operator(); } &&
      requires { typename body_result_t<L, plain_argument_t<A>...>; })
struct LambdaCall<L, A...> {
  using type = body_result_t<L, plain_argument_t<A>...>(plain_argument_t<A>...);
};
template <class L, class... A>
using lambda_call_t = typename LambdaCall<L, A...>::type;

// Lambda L, which has no captures of its own, where a call of it has that type.
template <Here kPlace, class L, class Type>
struct LambdaFunction {
  using type = Type;
  static constexpr FunctionInfo info{.name = "(lambda)",
                                     .signature = type_names<L, Type>().data(),
                                     .specialisation = std::string_view(kPlace.text)};
  static TaskOptions options() { return {}; }
  template <class... A>
  static decltype(auto) call(A&&... arguments) {
    return L{}(std::forward<A>(arguments)...);
  }
};

// What braces in a call of L can be for, as a set of WithSignatures: its parameters behind those of
// the captures, without the last I of them, which have defaults.
template <class Type, class Indices>
struct BehindCaptures;
template <class R, class... P, std::size_t... I>
struct BehindCaptures<R(P...), std::index_sequence<I...>> {
  static constexpr std::size_t kSkipped = sizeof...(P) - sizeof...(I);
  using type = Signature<void(std::tuple_element_t<kSkipped + I, std::tuple<P...>>...)>;
};
template <class L, class... Captures>
struct LambdaArguments {};
template <class L, class... Captures>
  requires requires { &L::operator(); }
struct LambdaArguments<L, Captures...> {
  using Call = typename CallOf<decltype(&L::operator())>::type;

  // Clang looks at the types before it looks at what is required.
  static constexpr std::size_t without(std::size_t count) {
    return count < Signature<Call>::arity ? Signature<Call>::arity - count : 0;
  }

  template <std::size_t I>
    requires(I + sizeof...(Captures) <= Signature<Call>::arity)
  static auto arguments(Index<I>)
      -> BehindCaptures<typename FirstOf<L, Call, std::make_index_sequence<without(I)>>::type,
                        std::make_index_sequence<without(I + sizeof...(Captures))>>::type;
};

}  // namespace internal

template <internal::Here kPlace, class L, class... Captures>
class LambdaTask;

namespace internal {

template <Here kPlace, class L, class... Captures>
using LambdaWithSignatures =
    WithSignatures<LambdaTask<kPlace, L, Captures...>, LambdaArguments<L, Captures...>, 0>;

}  // namespace internal

template <internal::Here kPlace, class L, class... Captures>
class LambdaTask {
  template <class... A>
  using Function =
      internal::LambdaFunction<kPlace, L, internal::lambda_call_t<L, Captures..., A...>>;

 public:
  // `options` may be null.
  explicit LambdaTask(const TaskOptions* options, Captures... captures)
      : captures_(std::move(captures)...) {
    if (options != nullptr) options_ = *options;
  }

  auto options(TaskOptions options) const {
    return std::apply(
        [&](const Captures&... captures) {
          return internal::LambdaWithSignatures<kPlace, L, Captures...>(&options, captures...);
        },
        captures_);
  }

  template <class... A>
    requires requires { typename internal::lambda_call_t<L, Captures..., A...>; }
  internal::result_of_call<Function<A...>> remote(A&&... arguments) const {
    const TaskOptions* options = options_ ? &*options_ : nullptr;
    return std::apply(
        [&](const Captures&... captures) {
          return internal::submit<Function<A...>>(options, captures...,
                                                  std::forward<A>(arguments)...);
        },
        captures_);
  }

  template <class... A>
  void remote(A&&...) const {
    static_assert(sizeof(L) == 0,
                  "this lambda cannot be called with these arguments [-Wray-wrong-argument]");
  }

 private:
  std::tuple<Captures...> captures_;
  std::optional<TaskOptions> options_;
};

// What ray-cc writes: `packs` are captured packs, beside a tuple of all other captures.
template <internal::Here kPlace, class Captures, class... Packs, class L>
auto remote(Captures captures, std::tuple<Packs...> packs, L) {
  return std::apply(
      [&](Packs&... pack) {
        return internal::LambdaWithSignatures<kPlace, L, Captures, Packs...>(
            nullptr, std::move(captures), std::move(pack)...);
      },
      packs);
}
template <internal::Here kPlace, class Captures, class L>
auto remote(Captures captures, L) {
  return internal::LambdaWithSignatures<kPlace, L, Captures>(nullptr, std::move(captures));
}
template <internal::Here kPlace, class L>
auto remote(L) {
  return internal::LambdaWithSignatures<kPlace, L>(nullptr);
}

// A lambda that ray-cc could not take apart.
template <class L>
void remote(L)
#if defined(__clang__)
    __attribute__((diagnose_if(
        true,
        "ray::remote takes a lambda that is written in the call and captures by value, as [=], "
        "[n, text] or, for a copy of the object, [self = *this] [-Wray-wrong-argument]",
        "error")))
#endif
    ;

}  // namespace ray::inline v1
