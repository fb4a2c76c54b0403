// task.h is remote calls in plain C++, for code that any compiler and editor must accept:
//
//   ray::task(retrieve).remote(3, database)
//   ray::actor<Tracker>().remote(7)
//   ray::task(handle, &Tracker::count).options({...}).remote()
//
// Of an annotated function or class that ray-cc compiled they do what `.remote` does. Others run in
// the process that calls: they need an engine that runs tasks there. They take one function and all
// its arguments: no overload sets, no default arguments.
//
// Threading: any thread. Ownership: none of these holds more than a pointer, an actor and options.
#pragma once

#include <ray/internal/generated.h>
#include <ray/internal/plain_call.h>

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace ray::inline v1 {

// A call of a function.
template <class R, class... P>
class PlainTask {
 public:
  explicit PlainTask(R (*function)(P...)) : function_(function) {}

  PlainTask options(TaskOptions options) && {
    options_ = std::move(options);
    return std::move(*this);
  }

  template <class... A>
  internal::result_t<R> remote(A&&... arguments) const {
    static_assert(sizeof...(A) == sizeof...(P),
                  "ray::task takes all arguments of the function [-Wray-wrong-argument]");
    using Function = R (*)(P...);
    const TaskOptions* options = options_ ? &*options_ : nullptr;
    if (FunctionRecord* record = internal::annotated_function(function_)) {
      internal::Prepared call(*record, options);
      return internal::Caller<R(P...)>::template submit<1>(internal::engine(), call.submission(),
                                                           std::forward<A>(arguments)...);
    }
    return internal::submit<internal::PlainFunction<R, P...>>(
        options, internal::PlainPointer<Function>::number(function_),
        std::forward<A>(arguments)...);
  }

 private:
  using FunctionRecord = internal::FunctionRecord;
  R (*function_)(P...);
  std::optional<TaskOptions> options_;
};

// A call of an actor's method.
template <class C, class Method, class R, class... P>
class PlainMethod {
 public:
  PlainMethod(ActorHandle<C> actor, Method method) : actor_(std::move(actor)), method_(method) {}

  PlainMethod options(MethodOptions options) && {
    options_ = std::move(options);
    return std::move(*this);
  }

  template <class... A>
  internal::result_t<R> remote(A&&... arguments) const {
    static_assert(sizeof...(A) == sizeof...(P),
                  "ray::task takes all arguments of the method [-Wray-wrong-argument]");
    const MethodOptions* options = options_ ? &*options_ : nullptr;
    internal::ObjectCell* cell = actor_.ray$cell;
    if (cell == nullptr) internal::throw_invalid_argument("this actor handle is empty");
    if (internal::FunctionRecord* record = internal::annotated_function(method_)) {
      internal::Prepared call(*record, options, cell);
      return internal::Caller<R(P...)>::template submit<1>(*cell->engine, call.submission(),
                                                           std::forward<A>(arguments)...);
    }
    return internal::submit_method<internal::PlainMember<C, Method, R, P...>>(
        cell, options, internal::PlainPointer<Method>::number(method_),
        std::forward<A>(arguments)...);
  }

 private:
  ActorHandle<C> actor_;
  Method method_;
  std::optional<MethodOptions> options_;
};

// The making of an actor.
template <class C>
class PlainActor {
 public:
  PlainActor options(ActorOptions options) && {
    options_ = std::move(options);
    return std::move(*this);
  }

  template <class... A>
  ActorHandle<C> remote(A&&... arguments) const {
    const ActorOptions* options = options_ ? &*options_ : nullptr;
    if constexpr (requires { typename C::new$set; }) {
      return internal::create_selected<typename C::new$set>(options, std::forward<A>(arguments)...);
    } else {
      return internal::create_actor<
          internal::PlainConstructor<C, internal::plain_argument_t<A>...>>(
          options, std::forward<A>(arguments)...);
    }
  }

 private:
  std::optional<ActorOptions> options_;
};

template <class R, class... P>
PlainTask<R, P...> task(R (*function)(P...)) {
  return PlainTask<R, P...>(function);
}
template <class C, class B, class R, class... P>
PlainMethod<C, R (C::*)(P...), R, P...> task(const ActorHandle<C>& actor, R (B::*method)(P...)) {
  return {actor, method};
}
template <class C, class B, class R, class... P>
PlainMethod<C, R (C::*)(P...) const, R, P...> task(const ActorHandle<C>& actor,
                                                   R (B::*method)(P...) const) {
  return {actor, method};
}
template <class C, class B, class R, class... P>
PlainMethod<C, R (C::*)(P...) &, R, P...> task(const ActorHandle<C>& actor,
                                               R (B::*method)(P...) &) {
  return {actor, method};
}
template <class C, class B, class R, class... P>
PlainMethod<C, R (C::*)(P...) const&, R, P...> task(const ActorHandle<C>& actor,
                                                    R (B::*method)(P...) const&) {
  return {actor, method};
}
template <class C>
PlainActor<C> actor() {
  return {};
}

}  // namespace ray::inline v1
