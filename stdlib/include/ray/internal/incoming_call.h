// incoming_call.h decodes a call's arguments, calls the user's function and encodes its results:
// what a record's `dispatch` does.
//
// Threading: one thread runs one execution. Errors: whatever is thrown ends in Execution::fail.
#pragma once

#include <ray/async.h>
#include <ray/codec.h>
#include <ray/error.h>
#include <ray/internal/identity.h>
#include <ray/internal/outgoing_call.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ray::inline v1::internal {

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

// `value`, decoded for a parameter declared as P: not const where a template's T&& was given such
// an lvalue.
template <class P>
decltype(auto) pass_as(std::remove_cvref_t<P>& value) {
  if constexpr (std::is_lvalue_reference_v<P>) {
    return static_cast<P>(value);
  } else {
    return static_cast<std::remove_cvref_t<P>&&>(value);
  }
}

// One decoded argument, for a parameter declared as P.
template <class P>
class Argument {
  using V = std::remove_cvref_t<P>;

 public:
  explicit Argument(Incoming& incoming) : value_(decode(incoming)) {}

  decltype(auto) pass() { return pass_as<P>(value_); }

 private:
  static V decode(Incoming& incoming) {
    if constexpr (can_travel<V>) {
      return decode_tagged(incoming, incoming.tag());
    } else {
      Refusal<V>::raise();
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

// An array, as a string literal is one to a template's `const T&`.
template <class P>
  requires std::is_array_v<std::remove_cvref_t<P>>
class Argument<P> {
  using V = std::remove_cvref_t<P>;

 public:
  explicit Argument(Incoming& incoming) {
    if (incoming.tag() != ArgumentTag::value) throw_corrupt("a ref for an array");
    internal::read<V>(incoming.decoder, value_);
  }

  decltype(auto) pass() { return pass_as<P>(value_); }

 private:
  V value_{};
};

// A span or string_view, into the encoded bytes.
template <class P>
  requires is_view<std::remove_cvref_t<P>>
class Argument<P> {
  using V = std::remove_cvref_t<P>;

 public:
  explicit Argument(Incoming& incoming) : value_(read(incoming)) {}

  V pass() const { return value_; }

 private:
  V read(Incoming& incoming) {
    ArgumentTag tag = incoming.tag();
    if (tag == ArgumentTag::list) throw_corrupt("a list of refs for a single value");
    if (tag == ArgumentTag::value) return storage_.read(incoming.decoder);
    source_ = incoming.next();
    Decoder& decoder = own_.emplace(source_.bytes, source_.nested);
    V value = storage_.read(decoder);
    decoder.finish();
    return value;
  }

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
    Refusal<T>::raise();
  }
}

// Inside a catch block: fails the execution with the exception being handled.
void fail_with_current_exception(Execution& execution, const FunctionInfo& info) noexcept;

template <class F, class Type = typename F::type>
struct Dispatcher;
template <class F, class R, class... P>
struct Dispatcher<F, R(P...)> {
  static void run(Execution& execution) {
    if constexpr (is_task<R>) {
      run_body(await_call(execution), execution);
    } else {
      Incoming incoming(execution);
      All arguments(incoming);
      if constexpr (kind_of<F>() == FunctionRecord::Kind::constructor) {
        using C = typename F::object;
        std::unique_ptr<C> object = arguments.template apply<F>();
        execution.construct(object.release(), [](void* made) { delete static_cast<C*>(made); });
      } else if constexpr (std::is_void_v<R>) {
        call(arguments, execution);
        execution.result(0, 0, {});
      } else if constexpr (is_generator<R>) {
        for (const auto& item : call(arguments, execution)) {
          give_result(execution, 0, item);
          if (!execution.yield()) break;
        }
        execution.result(0, 0, {});
      } else {
        decltype(auto) result = call(arguments, execution);
        give(execution, result);
      }
    }
  }

 private:
  using All = Arguments<std::index_sequence_for<P...>, P...>;

  static decltype(auto) call(All& arguments, Execution& execution) {
    if constexpr (kind_of<F>() == FunctionRecord::Kind::method) {
      return arguments.template apply<F>(*static_cast<typename F::object*>(execution.instance));
    } else {
      return arguments.template apply<F>();
    }
  }

  // The arguments are in this frame: references and views to them hold until the body has ended.
  static Task<void> await_call(Execution& execution) {
    try {
      Incoming incoming(execution);
      All arguments(incoming);
      if constexpr (std::is_void_v<awaited_t<R>>) {
        co_await call(arguments, execution);
        execution.result(0, 0, {});
      } else {
        give(execution, co_await call(arguments, execution));
      }
    } catch (...) {
      fail_with_current_exception(execution, F::info);
    }
  }

  template <class Returned>
  static void give(Execution& execution, const Returned& result) {
    if constexpr (F::info.num_returns == 1) {
      give_result<Returned>(execution, 0, result);
    } else {
      give_all(execution, result, std::make_index_sequence<F::info.num_returns>());
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
