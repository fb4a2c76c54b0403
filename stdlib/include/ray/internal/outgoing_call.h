// outgoing_call.h encodes a call's arguments and hands it to the engine: what a stub's body does.
//
// Threading: any thread. Ownership: refs among the arguments are borrowed until the engine has
// taken its own references.
#pragma once

#include <ray/codec.h>
#include <ray/error.h>
#include <ray/internal/identity.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace ray::inline v1::internal {

enum class ArgumentTag : std::uint8_t { value = 0, dependency = 1, list = 2 };

// The refs that a call awaits, in order; borrowed from its arguments.
class DependencyList {
 public:
  void add(ObjectCell& cell) {
    if (size_ < kInline) {
      inline_[size_] = &cell;
    } else {
      if (size_ == kInline) overflow_.assign(inline_, inline_ + kInline);
      overflow_.push_back(&cell);
    }
    ++size_;
  }
  Cells get() const { return size_ <= kInline ? Cells(inline_, size_) : Cells(overflow_); }

 private:
  static constexpr std::size_t kInline = 8;
  std::size_t size_ = 0;
  ObjectCell* inline_[kInline];
  std::vector<ObjectCell*> overflow_;
};

// Memory for one encoded call or value: the stack's, this thread's, or, above kInlineBytesMax, the
// engine's. What is not handed over is given back.
class OutgoingBuffer {
 public:
  OutgoingBuffer(Engine& engine, std::size_t bytes) : engine_(engine), size_(bytes) {
    if (bytes <= sizeof(stack_)) {
      data_ = stack_;
    } else {
      grow();
    }
  }
  OutgoingBuffer(const OutgoingBuffer&) = delete;
  OutgoingBuffer& operator=(const OutgoingBuffer&) = delete;
  ~OutgoingBuffer() {
    if (data_ != stack_) shrink();
  }

  std::span<std::byte> memory() { return {data_, size_}; }
  bool is_large() const { return large_.data != nullptr; }
  // The engine takes the memory over.
  Buffer hand_over() { return std::exchange(large_, Buffer{}); }

 private:
  void grow();
  void shrink() noexcept;

  Engine& engine_;
  std::size_t size_;
  std::byte* data_;
  std::unique_ptr<std::byte[]> heap_;
  Buffer large_;
  alignas(64) std::byte stack_[512];
};

// Whether a value encoded as a T can be read as a V.
template <class V, class T>
inline constexpr bool reads_as = std::is_same_v<V, T>;
template <class V, class T>
  requires(is_view<V> && !std::is_void_v<T>)
inline constexpr bool reads_as<V, T> = view_reads<V, T>;

// How the argument that is held as an H goes to a parameter P.
template <class P, class H>
inline constexpr ArgumentTag argument_tag =
    ref_traits<H>::is_ref && !ref_traits<P>::is_ref ? ArgumentTag::dependency
    : ref_traits<H>::is_list && !ref_traits<P>::is_list && is_vector<std::remove_cvref_t<P>>
        ? ArgumentTag::list
        : ArgumentTag::value;

// The argument as it will be encoded: itself, or converted to the parameter's type.
template <class P, class A>
decltype(auto) hold(A&& argument) {
  using V = std::remove_cvref_t<P>;
  using H = std::remove_cvref_t<A>;
  if constexpr (argument_tag<P, H> != ArgumentTag::value) {
    static_assert(
        reads_as<V, typename ref_traits<H>::value>,
        "a ref stands for a value of exactly the parameter's type [-Wray-wrong-argument]");
    return static_cast<const H&>(argument);
  } else if constexpr (std::is_same_v<V, H>) {
    return static_cast<const H&>(argument);
  } else {
    return static_cast<V>(std::forward<A>(argument));
  }
}

template <class P, class Sink, class H>
void write_argument(Sink& sink, const H& held) {
  constexpr ArgumentTag tag = argument_tag<P, H>;
  sink.raw(&tag, 1);
  if constexpr (tag == ArgumentTag::value) {
    using V = std::remove_cvref_t<P>;
    if constexpr (can_travel<V>) {
      write<V>(sink, held);
    } else {
      Refusal<V>::raise();
    }
  } else if constexpr (tag == ArgumentTag::list) {
    sink.length(held.size());
  }
}

template <class P, class H>
void add_dependencies(DependencyList& dependencies, const H& held) {
  constexpr ArgumentTag tag = argument_tag<P, H>;
  if constexpr (tag == ArgumentTag::dependency) {
    dependencies.add(*held.ray$cell());
  } else if constexpr (tag == ArgumentTag::list) {
    for (const auto& ref : held) dependencies.add(*ref.ray$cell());
  }
}

// Encodes the held arguments into `call` and passes it to `deliver`.
template <class... P>
struct Outgoing {
  template <class Deliver, class... H>
  static void send(Engine& engine, Submission& call, Deliver&& deliver, const H&... held) {
    DependencyList dependencies;
    (add_dependencies<P>(dependencies, held), ...);
    Sizer sizer;
    (write_argument<P>(sizer, held), ...);
    OutgoingBuffer buffer(engine, sizer.size());
    Encoder encoder(buffer.memory());
    (write_argument<P>(encoder, held), ...);
    encoder.finish();
    call.dependencies = dependencies.get();
    call.nested = sizer.nested();
    if (buffer.is_large()) {
      call.large = buffer.hand_over();
    } else {
      call.arguments = buffer.memory();
    }
    deliver();
  }
};

// The refs of a call's results.
template <class R, std::size_t N, std::size_t... I>
result_t<R, N> adopt(std::span<ObjectCell* const> cells, std::index_sequence<I...>) {
  if constexpr (N == 1) {
    return result_t<R, 1>(CellPointer(cells[0]));
  } else {
    return result_t<R, N>(std::tuple_element_t<I, result_t<R, N>>(CellPointer(cells[I]))...);
  }
}

// Calls with all arguments given, of a function with this signature.
template <class Type>
struct Caller;
template <class R, class... P>
struct Caller<R(P...)> {
  template <std::size_t N, class... A>
  static result_t<R, N> submit(Engine& engine, Submission& call, A&&... arguments) {
    std::array<ObjectCell*, N> returns{};
    Outgoing<P...>::send(
        engine, call, [&] { engine.submit(call, returns); },
        hold<P>(std::forward<A>(arguments))...);
    return adopt<R, N>(returns, std::make_index_sequence<N>());
  }

  template <class C, class... A>
  static ActorHandle<C> create(Engine& engine, Submission& call, A&&... arguments) {
    ObjectCell* actor = nullptr;
    Outgoing<P...>::send(
        engine, call, [&] { actor = engine.create_actor(call); },
        hold<P>(std::forward<A>(arguments))...);
    return ActorHandle<C>(actor);
  }
};

// Calls `use(arguments..., defaults...)`, where the defaults are those of F that are missing.
template <class F, class Use, class... A>
decltype(auto) complete(Use&& use, A&&... arguments) {
  constexpr std::size_t given = sizeof...(A);
  constexpr std::size_t arity = Signature<typename F::type>::arity;
  static_assert(given <= arity, "too many arguments [-Wray-wrong-argument]");
  if constexpr (given == arity) {
    return use(std::forward<A>(arguments)...);
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) {
      return use(std::forward<A>(arguments)..., F::default_argument(Index<given + I>())...);
    }(std::make_index_sequence<arity - given>());
  }
}

// What a remote call of F gives.
template <class F>
using result_of_call = result_t<typename Signature<typename F::type>::result, F::info.num_returns>;

// The annotation's options under those of the call.
template <class Options>
CallOptions merged(const FunctionRecord& function, const Options& options) {
  CallOptions merged;
  if (function.options != nullptr) function.options(merged);
  overlay(merged, options);
  return merged;
}

// What a Submission borrows: the options of a call, merged where it has its own.
class Prepared {
 public:
  template <class Options>
  Prepared(FunctionRecord& function, const Options* options, ObjectCell* actor = nullptr) {
    if (options != nullptr) options_ = merged(function, *options);
    submission_.function = &function;
    submission_.options = options_ ? &*options_ : nullptr;
    submission_.actor = actor;
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  Submission& submission() { return submission_; }

 private:
  std::optional<CallOptions> options_;
  Submission submission_;
};

// The record of F, which is thereby registered.
template <class F>
FunctionRecord& record_of() {
  (void)&Register<F>::entry;
#if !defined(__clang__)
  (void)&Register<F>::is_listed;
#endif
  return Register<F>::record;
}

// What ray::task is given for an instance of a template, which nothing else would list.
template <class F, class Pointer>
Pointer listed(Pointer pointer) {
  record_of<F>();
  return pointer;
}

template <class F, class... A>
result_of_call<F> submit_to(Engine& engine, Prepared& call, A&&... arguments) {
  return complete<F>(
      [&]<class... B>(B&&... all) {
        return Caller<typename F::type>::template submit<F::info.num_returns>(
            engine, call.submission(), std::forward<B>(all)...);
      },
      std::forward<A>(arguments)...);
}

// The one call of a stub's body. `options` may be null.
template <class F, class... A>
result_of_call<F> submit(const TaskOptions* options, A&&... arguments) {
  Prepared call(record_of<F>(), options);
  return submit_to<F>(engine(), call, std::forward<A>(arguments)...);
}
// Throws ray::Error, a std::invalid_argument, for the cell of an empty handle.
template <class F, class... A>
result_of_call<F> submit_method(ObjectCell* actor, const MethodOptions* options, A&&... arguments) {
  if (actor == nullptr) throw_invalid_argument("this actor handle is empty");
  Prepared call(record_of<F>(), options, actor);
  return submit_to<F>(*actor->engine, call, std::forward<A>(arguments)...);
}
template <class F, class... A>
ActorHandle<typename F::object> create_actor(const ActorOptions* options, A&&... arguments) {
  Prepared call(record_of<F>(), options);
  return complete<F>(
      [&]<class... B>(B&&... all) {
        return Caller<typename F::type>::template create<typename F::object>(
            engine(), call.submission(), std::forward<B>(all)...);
      },
      std::forward<A>(arguments)...);
}

// The same for whichever of set S the arguments pick.
template <class S, class... A>
selected_result_t<S, A...> submit_selected(const TaskOptions* options, A&&... arguments) {
  return submit<typename selection_t<S, A...>::identity>(options, std::forward<A>(arguments)...);
}
template <class S, class... A>
selected_result_t<S, A...> create_selected(const ActorOptions* options, A&&... arguments) {
  return create_actor<typename selection_t<S, A...>::identity>(options,
                                                               std::forward<A>(arguments)...);
}
template <class S, class... A>
selected_result_t<S, A...> submit_method_selected(ObjectCell* actor, const MethodOptions* options,
                                                  A&&... arguments) {
  return submit_method<typename selection_t<S, A...>::identity>(actor, options,
                                                                std::forward<A>(arguments)...);
}

}  // namespace ray::inline v1::internal
