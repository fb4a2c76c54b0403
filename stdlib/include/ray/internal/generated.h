// generated.h is what generated code leans on: the types its stubs are declared with, the registry
// record of each remote function, and the one call that each stub's body makes.
//
// An *identity* F describes one callable, an *overload set* S selects one of several
// (compiler/codegen/README.md shows whole ones):
//   using type = R(P...);                 parameters as declared
//   using object = C;                     constructors and methods: the class
//   static constexpr FunctionInfo info;
//   static call(args...)                  a method's takes C& first; a constructor's gives
//   unique_ptr static ...Options options();          the annotation's; its type tells the kind of
//   callable static default_argument(Index<I>);    for each parameter that has a default static
//   constexpr auto pointer = &f;   for ray::task(f); may be missing
//
// Encoded arguments are, for each parameter, a tag and then: for a value, its encoding; for a
// dependency, nothing (they are numbered in order); for a list of dependencies, how many.
//
// Threading: everything here may be called from any thread.
#pragma once

#include <ray/actor_handle.h>
#include <ray/codec.h>
#include <ray/error.h>
#include <ray/internal/engine.h>
#include <ray/internal/registry.h>
#include <ray/object_ref.h>
#include <ray/options.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace ray::inline v1::internal {

// ---- Declarations of stubs ------------------------------------------------------------------

// What a selector returns: which overload was picked, and what a remote call of it gives.
template <class Identity, class Result>
struct selected {
  using identity = Identity;
  using result = Result;
};

// What a remote call of a function that returns R gives.
template <class R, std::size_t NumReturns>
struct Result {
  static_assert(NumReturns == 1, "num_returns needs a function that returns a std::tuple");
  using type = ObjectRef<std::remove_cvref_t<R>>;
};
template <class... T, std::size_t NumReturns>
  requires(NumReturns > 1)
struct Result<std::tuple<T...>, NumReturns> {
  static_assert(sizeof...(T) == NumReturns, "num_returns differs from the size of the std::tuple");
  using type = std::tuple<ObjectRef<T>...>;
};
template <class R, std::size_t NumReturns = 1>
using result_t = typename Result<R, NumReturns>::type;

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

// The overload of set S that a call with arguments A... picks; no type where it picks none.
template <class S, class... A>
using selection_t = decltype(S::select(std::declval<unwrapped_t<A>>()...));
template <class S, class... A>
using selected_result_t = typename selection_t<S, A...>::result;

// ---- What describes a callable --------------------------------------------------------------

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

template <class Type>
struct Signature;
template <class R, class... P>
struct Signature<R(P...)> {
  static constexpr std::size_t arity = sizeof...(P);
  using result = R;
  template <std::size_t I>
  using parameter = std::remove_cvref_t<std::tuple_element_t<I, std::tuple<P...>>>;
};

// Parameter I of identity F, without reference and const.
template <class F, std::size_t I>
using parameter_t = typename Signature<typename F::type>::template parameter<I>;

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
bool is_pointed_to_by(const void* pointer, std::size_t size) {
  if constexpr (requires { F::pointer; }) {
    auto own = F::pointer;
    return size == sizeof(own) && std::memcmp(pointer, &own, size) == 0;
  } else {
    return false;
  }
}

// The record of F, once per program, listed in the linker section "ray_functions". Generated code
// instantiates it explicitly; a use instantiates it too.
template <class F>
struct Register {
  static FunctionRecord record;
  static FunctionRecord* const entry;
};
template <class F>
constinit FunctionRecord Register<F>::record{.kind = kind_of<F>(),
                                             .num_returns = F::info.num_returns,
                                             .key = F::info.key(),
                                             .name = F::info.name,
                                             .signature = F::info.signature,
                                             .file = F::info.file,
                                             .line = F::info.line,
                                             .dispatch = &dispatch<F>,
                                             .options = &annotated_options<F>,
                                             .is_pointed_to_by = &is_pointed_to_by<F>};
template <class F>
[[gnu::used, gnu::retain, gnu::section("ray_functions")]] FunctionRecord* const Register<F>::entry =
    &Register<F>::record;

// ---- Calls on their way out -----------------------------------------------------------------

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
    static_assert(reads_as<V, typename ref_traits<H>::value>,
                  "a ref stands for a value of exactly the parameter's type");
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
      refuse<V>();
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
  static_assert(given <= arity, "too many arguments");
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
  return Register<F>::record;
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

// What `f.options({...})` gives, and its siblings: the call of it is `.remote(...)`.
template <class S>
struct ConfiguredTask {
  TaskOptions ray$options;

  template <class... A>
  selected_result_t<S, A...> remote(A&&... arguments) const {
    return submit_selected<S>(&ray$options, std::forward<A>(arguments)...);
  }
};
template <class S>
struct ConfiguredActor {
  ActorOptions ray$options;

  template <class... A>
  selected_result_t<S, A...> remote(A&&... arguments) const {
    return create_selected<S>(&ray$options, std::forward<A>(arguments)...);
  }
};
template <class S>
struct ConfiguredMethod {
  CellPointer ray$cell;
  MethodOptions ray$options;

  ConfiguredMethod(ObjectCell* actor, MethodOptions options)
      : ray$cell((acquire(actor), actor)), ray$options(std::move(options)) {}

  template <class... A>
  selected_result_t<S, A...> remote(A&&... arguments) const {
    return submit_method_selected<S>(ray$cell.get(), &ray$options, std::forward<A>(arguments)...);
  }
};

// ---- Calls on their way in ------------------------------------------------------------------

// Where the arguments of one execution come from.
struct Incoming {
  explicit Incoming(Execution& run) : execution(run), decoder(run.arguments, run.nested) {}

  ArgumentTag tag() {
    auto tag = static_cast<ArgumentTag>(*decoder.take(1));
    if (tag > ArgumentTag::list) throw_corrupt("an argument of no known kind");
    return tag;
  }
  Value next() { return execution.dependency(next_dependency++); }

  Execution& execution;
  Decoder decoder;
  std::size_t next_dependency = 0;
};

// One decoded argument, for a parameter declared as P.
template <class P>
class Argument {
  using V = std::remove_cvref_t<P>;

 public:
  explicit Argument(Incoming& incoming) : value_(decode(incoming)) {}

  decltype(auto) pass() {
    if constexpr (std::is_lvalue_reference_v<P>) {
      return static_cast<const V&>(value_);
    } else {
      return static_cast<V&&>(value_);
    }
  }

 private:
  static V decode(Incoming& incoming) {
    if constexpr (can_travel<V>) {
      return decode_tagged(incoming, incoming.tag());
    } else {
      refuse<V>();
    }
  }

  static V decode_tagged(Incoming& incoming, ArgumentTag tag) {
    if constexpr (is_vector<V>) {
      if (tag == ArgumentTag::list) {
        V values;
        for (std::uint64_t n = incoming.decoder.length(); n > 0; --n) {
          Value value = incoming.next();
          values.push_back(decode_value<typename V::value_type>(value));
        }
        return values;
      }
    }
    if (tag == ArgumentTag::dependency) {
      Value value = incoming.next();
      return decode_value<V>(value);
    }
    if (tag != ArgumentTag::value) throw_corrupt("a list of refs for a single value");
    return make<V>(incoming.decoder);
  }

  V value_;
};

// A span or string_view, into the encoded bytes.
template <class P>
  requires is_view<std::remove_cvref_t<P>>
class Argument<P> {
  using V = std::remove_cvref_t<P>;

 public:
  explicit Argument(Incoming& incoming) {
    ArgumentTag tag = incoming.tag();
    if (tag == ArgumentTag::list) throw_corrupt("a list of refs for a single value");
    if (tag == ArgumentTag::value) {
      value_ = storage_.read(incoming.decoder);
      return;
    }
    source_ = incoming.next();
    Decoder& decoder = own_.emplace(source_.bytes, source_.nested);
    value_ = storage_.read(decoder);
    decoder.finish();
  }

  V pass() const { return value_; }

 private:
  Value source_;
  std::optional<Decoder> own_;
  ViewStorage<V> storage_;
  V value_;
};

// All arguments of one execution, decoded from left to right.
template <class Indices, class... P>
struct Arguments;
template <std::size_t I, class P>
struct IndexedArgument : Argument<P> {
  using Argument<P>::Argument;
};
template <std::size_t... I, class... P>
struct Arguments<std::index_sequence<I...>, P...> : IndexedArgument<I, P>... {
  explicit Arguments(Incoming& incoming) : IndexedArgument<I, P>(incoming)... {
    incoming.decoder.finish();
  }

  template <class F, class... Object>
  decltype(auto) apply(Object&... object) {
    return F::call(object..., static_cast<IndexedArgument<I, P>&>(*this).pass()...);
  }
};
template <>
struct Arguments<std::index_sequence<>> {
  explicit Arguments(Incoming& incoming) { incoming.decoder.finish(); }

  template <class F, class... Object>
  decltype(auto) apply(Object&... object) {
    return F::call(object...);
  }
};

template <class T>
void give_result(Execution& execution, std::size_t index, const T& value) {
  if constexpr (can_travel<T>) {
    Sizer sizer;
    write<T>(sizer, value);
    std::byte* memory = execution.result(index, sizer.size(), sizer.nested());
    Encoder encoder({memory, sizer.size()});
    write<T>(encoder, value);
    encoder.finish();
  } else {
    refuse<T>();
  }
}

// Inside a catch block: fails the execution with the exception being handled.
void fail_with_current_exception(Execution& execution, const FunctionInfo& info) noexcept;

template <class F, class Type = typename F::type>
struct Dispatcher;
template <class F, class R, class... P>
struct Dispatcher<F, R(P...)> {
  static void run(Execution& execution) {
    Incoming incoming(execution);
    Arguments<std::index_sequence_for<P...>, P...> arguments(incoming);
    if constexpr (kind_of<F>() == FunctionRecord::Kind::constructor) {
      using C = typename F::object;
      std::unique_ptr<C> object = arguments.template apply<F>();
      execution.construct(object.release(), [](void* made) { delete static_cast<C*>(made); });
    } else if constexpr (kind_of<F>() == FunctionRecord::Kind::method) {
      using C = typename F::object;
      finish(execution, [&]() -> decltype(auto) {
        return arguments.template apply<F>(*static_cast<C*>(execution.instance));
      });
    } else {
      finish(execution, [&]() -> decltype(auto) { return arguments.template apply<F>(); });
    }
  }

 private:
  template <class Body>
  static void finish(Execution& execution, Body&& body) {
    if constexpr (std::is_void_v<R>) {
      body();
      execution.result(0, 0, {});
    } else {
      decltype(auto) result = body();
      if constexpr (F::info.num_returns == 1) {
        give_result<std::remove_cvref_t<R>>(execution, 0, result);
      } else {
        give_all(execution, result, std::make_index_sequence<F::info.num_returns>());
      }
    }
  }

  template <class Tuple, std::size_t... I>
  static void give_all(Execution& execution, const Tuple& results, std::index_sequence<I...>) {
    (give_result(execution, I, std::get<I>(results)), ...);
  }
};

template <class F>
void dispatch(Execution& execution) {
  try {
    Dispatcher<F>::run(execution);
  } catch (...) {
    fail_with_current_exception(execution, F::info);
  }
}

}  // namespace ray::inline v1::internal
