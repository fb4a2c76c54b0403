// exception_type.h lets exceptions of a user's class travel as themselves.
#pragma once

#include <ray/codec.h>
#include <ray/error.h>

#include <concepts>
#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace ray::inline v1 {
namespace internal {

struct NoBase {};

// What arrives for a remote E: a TaskError, a std exception and an E.
template <class E>
class TaskErrorAs final
    : public TaskError,
      public std::conditional_t<std::derived_from<E, std::exception>, NoBase, std::runtime_error>,
      public E {
  static constexpr bool is_std_exception = std::derived_from<E, std::exception>;

 public:
  TaskErrorAs(std::shared_ptr<const ErrorRecord> record, E exception)
    requires is_std_exception
      : TaskError(std::move(record)), E(std::move(exception)) {}
  TaskErrorAs(std::shared_ptr<const ErrorRecord> record, E exception)
    requires(!is_std_exception)
      : TaskError(record), std::runtime_error(record->message), E(std::move(exception)) {}

  const char* what() const noexcept override { return record().message.c_str(); }
};

template <class E>
E make_exception(Decoder& decoder, const std::string& message) {
  if constexpr (access::can_make<E> || !std::constructible_from<E, const std::string&>) {
    return make<E>(decoder);
  } else {
    E exception(message);
    read<E>(decoder, exception);
    return exception;
  }
}

template <class E>
std::vector<std::byte> encode_current_exception() {
  try {
    throw;
  } catch (const E& exception) {
    if (typeid(exception) != typeid(E)) return {};
    Sizer sizer;
    write<E>(sizer, exception);
    if (!sizer.nested().empty()) return {};
    std::vector<std::byte> bytes(sizer.size());
    Encoder encoder(bytes);
    write<E>(encoder, exception);
    encoder.finish();
    return bytes;
  } catch (...) {
    return {};
  }
}

template <class E>
void throw_as(std::shared_ptr<const ErrorRecord> record) {
  Decoder decoder(record->value);
  E exception = make_exception<E>(decoder, record->message);
  decoder.finish();
  throw TaskErrorAs<E>(std::move(record), std::move(exception));
}

// Instantiate it explicitly, once per program or more often, for each class of exceptions. One that
// could not be made again where it arrives is left out.
template <class E>
struct RegisterException {
  static const bool added;
};
template <class E>
const bool RegisterException<E>::added = [] {
  constexpr bool can_arrive = access::can_make<E> || std::constructible_from<E, const std::string&>;
  if constexpr (!std::is_final_v<E> && std::copy_constructible<E> && can_arrive) {
    add_exception_type({.type = &typeid(E),
                        .encode_current = &encode_current_exception<E>,
                        .throw_as = &throw_as<E>});
  }
  return true;
}();

}  // namespace internal

// These classes of exceptions and those derived from them, as reasons to run a task again.
template <class... E>
RetryExceptions exceptions() {
  RetryExceptions listed;
  (listed.types.emplace_back(typeid(E).name()), ...);
  return listed;
}

}  // namespace ray::inline v1
