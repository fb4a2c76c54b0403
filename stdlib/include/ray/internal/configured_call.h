// configured_call.h is what `f.options({...})` gives, and its siblings of classes and methods: the
// call of it is `.remote(...)`.
//
// `remote` takes anything, and picks the overload as the plain call does. Braces have no type that
// could be picked by, so each signature of the set stands beside it as itself: set S lists them as
// `S::arguments(Index<0>())`, `Index<1>`, ...; those behind the eighth are without braces.
#pragma once

#include <ray/internal/outgoing_call.h>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ray::inline v1::internal {

template <class S>
struct TaskWithOptions {
  TaskOptions ray$options;

  TaskWithOptions(TaskOptions options) : ray$options(std::move(options)) {}

  template <class... A>
  selected_result_t<S, A...> remote(A&&... arguments) const {
    return submit_selected<S>(&ray$options, std::forward<A>(arguments)...);
  }
};
template <class S>
struct ActorWithOptions {
  ActorOptions ray$options;

  ActorWithOptions(ActorOptions options) : ray$options(std::move(options)) {}

  template <class... A>
  selected_result_t<S, A...> remote(A&&... arguments) const {
    return create_selected<S>(&ray$options, std::forward<A>(arguments)...);
  }
};
template <class S>
struct MethodWithOptions {
  CellPointer ray$cell;
  MethodOptions ray$options;

  MethodWithOptions(ObjectCell* actor, MethodOptions options)
      : ray$cell((acquire(actor), actor)), ray$options(std::move(options)) {}

  template <class... A>
  selected_result_t<S, A...> remote(A&&... arguments) const {
    return submit_method_selected<S>(ray$cell.get(), &ray$options, std::forward<A>(arguments)...);
  }
};

// A call with the parameters of one signature.
template <class Base, class Arguments>
struct WithSignature;
template <class Base, class... P>
struct WithSignature<Base, Signature<void(P...)>> : Base {
  using Base::Base;
  using Base::remote;

  decltype(auto) remote(std::remove_cvref_t<P>&&... arguments) const {
    return Base::template remote<std::remove_cvref_t<P>...>(
        static_cast<std::remove_cvref_t<P>&&>(arguments)...);
  }
};

inline constexpr std::size_t kSignaturesMax = 8;

template <class Base, class S, std::size_t I>
struct WithSignatures : Base {
  using Base::Base;
};
template <class Base, class S, std::size_t I>
  requires(I < kSignaturesMax) && requires { S::arguments(Index<I>()); }
struct WithSignatures<Base, S, I>
    : WithSignatures<WithSignature<Base, decltype(S::arguments(Index<I>()))>, S, I + 1> {
  using WithSignatures<WithSignature<Base, decltype(S::arguments(Index<I>()))>, S,
                       I + 1>::WithSignatures;
};

template <class S>
using ConfiguredTask = WithSignatures<TaskWithOptions<S>, S, 0>;
template <class S>
using ConfiguredActor = WithSignatures<ActorWithOptions<S>, S, 0>;
template <class S>
using ConfiguredMethod = WithSignatures<MethodWithOptions<S>, S, 0>;

}  // namespace ray::inline v1::internal
