#include <cxxabi.h>
#include <ray/codec.h>
#include <ray/error.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <ios>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace ray::inline v1 {

Error::~Error() = default;
TaskError::~TaskError() = default;
WorkerCrashedError::~WorkerCrashedError() = default;
ActorDiedError::~ActorDiedError() = default;
ActorUnavailableError::~ActorUnavailableError() = default;
ObjectLostError::~ObjectLostError() = default;
OwnerDiedError::~OwnerDiedError() = default;
NodeDiedError::~NodeDiedError() = default;
OutOfMemoryError::~OutOfMemoryError() = default;
ObjectStoreFullError::~ObjectStoreFullError() = default;
GetTimeoutError::~GetTimeoutError() = default;
TaskCancelledError::~TaskCancelledError() = default;
PendingCallsLimitExceeded::~PendingCallsLimitExceeded() = default;
RuntimeEnvError::~RuntimeEnvError() = default;

const std::string& Error::node_id() const noexcept { return record_->node_id; }
std::int64_t Error::pid() const noexcept { return record_->pid; }
const std::string& TaskError::remote_type() const noexcept { return record().remote_type; }
const std::string& TaskError::function_name() const noexcept { return record().function; }
const std::string& TaskError::stack() const noexcept { return record().stack; }

template <>
struct access::fields<internal::ErrorRecord> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& visitor, X& record) {
    visitor("kind", record.kind);
    visitor("std_exception", record.std_exception);
    visitor("message", record.message);
    visitor("node_id", record.node_id);
    visitor("pid", record.pid);
    visitor("remote_type", record.remote_type);
    visitor("types", record.types);
    visitor("function", record.function);
    visitor("stack", record.stack);
    visitor("code", record.code);
    visitor("category", record.category);
    visitor("value", record.value);
  }
};

namespace internal {
namespace {

using Record = std::shared_ptr<const ErrorRecord>;

// One thrown type: an interface of ours and a std exception.
template <class Interface, class Std>
class Thrown final : public Interface, public Std {
 public:
  template <class... A>
  explicit Thrown(const Record& record, A&&... std_arguments)
      : Interface(record), Std(std::forward<A>(std_arguments)...) {}

  const char* what() const noexcept override { return this->record().message.c_str(); }
};

// ray::Error alone cannot be made by others, since its constructor is protected.
class PlainError : public Error {
 protected:
  using Error::Error;
};

std::error_code code_of(const ErrorRecord& record) {
  if (record.category == "system") return {record.code, std::system_category()};
  if (record.category == "iostream") return {record.code, std::iostream_category()};
  return {record.code, std::generic_category()};
}

// Throws `Interface` with the std exception that the record names.
template <class Interface>
[[noreturn]] void throw_with_std(const Record& record) {
  const std::string& message = record->message;
  switch (record->std_exception) {
    case StdException::runtime_error:
      break;
    case StdException::exception:
      throw Thrown<Interface, std::exception>(record);
    case StdException::logic_error:
      throw Thrown<Interface, std::logic_error>(record, message);
    case StdException::domain_error:
      throw Thrown<Interface, std::domain_error>(record, message);
    case StdException::invalid_argument:
      throw Thrown<Interface, std::invalid_argument>(record, message);
    case StdException::length_error:
      throw Thrown<Interface, std::length_error>(record, message);
    case StdException::out_of_range:
      throw Thrown<Interface, std::out_of_range>(record, message);
    case StdException::range_error:
      throw Thrown<Interface, std::range_error>(record, message);
    case StdException::overflow_error:
      throw Thrown<Interface, std::overflow_error>(record, message);
    case StdException::underflow_error:
      throw Thrown<Interface, std::underflow_error>(record, message);
    case StdException::system_error:
      throw Thrown<Interface, std::system_error>(record, code_of(*record), message);
    case StdException::bad_alloc:
      throw Thrown<Interface, std::bad_alloc>(record);
    case StdException::bad_array_new_length:
      throw Thrown<Interface, std::bad_array_new_length>(record);
    case StdException::bad_cast:
      throw Thrown<Interface, std::bad_cast>(record);
    case StdException::bad_typeid:
      throw Thrown<Interface, std::bad_typeid>(record);
    case StdException::bad_optional_access:
      throw Thrown<Interface, std::bad_optional_access>(record);
    case StdException::bad_variant_access:
      throw Thrown<Interface, std::bad_variant_access>(record);
    case StdException::bad_function_call:
      throw Thrown<Interface, std::bad_function_call>(record);
    case StdException::bad_weak_ptr:
      throw Thrown<Interface, std::bad_weak_ptr>(record);
    case StdException::bad_exception:
      throw Thrown<Interface, std::bad_exception>(record);
    case StdException::ios_failure:
      throw Thrown<Interface, std::ios_base::failure>(record, message, code_of(*record));
    case StdException::filesystem_error:
      throw Thrown<Interface, std::filesystem::filesystem_error>(record, message, code_of(*record));
  }
  throw Thrown<Interface, std::runtime_error>(record, message);
}

template <class Interface>
[[noreturn]] void throw_runtime(const Record& record) {
  throw Thrown<Interface, std::runtime_error>(record, record->message);
}

// The std exception of the one being handled, with its code where it has one.
void classify(ErrorRecord& record) {
  auto coded = [&](StdException kind, const std::error_code& code) {
    record.std_exception = kind;
    record.code = code.value();
    record.category = code.category().name();
  };
  auto is = [&](StdException kind) { record.std_exception = kind; };
  // From the most derived classes to their bases.
  try {
    throw;
  } catch (const std::filesystem::filesystem_error& e) {
    coded(StdException::filesystem_error, e.code());
  } catch (const std::ios_base::failure& e) {
    coded(StdException::ios_failure, e.code());
  } catch (const std::system_error& e) {
    coded(StdException::system_error, e.code());
  } catch (const std::range_error&) {
    is(StdException::range_error);
  } catch (const std::overflow_error&) {
    is(StdException::overflow_error);
  } catch (const std::underflow_error&) {
    is(StdException::underflow_error);
  } catch (const std::runtime_error&) {
    is(StdException::runtime_error);
  } catch (const std::domain_error&) {
    is(StdException::domain_error);
  } catch (const std::invalid_argument&) {
    is(StdException::invalid_argument);
  } catch (const std::length_error&) {
    is(StdException::length_error);
  } catch (const std::out_of_range&) {
    is(StdException::out_of_range);
  } catch (const std::logic_error&) {
    is(StdException::logic_error);
  } catch (const std::bad_array_new_length&) {
    is(StdException::bad_array_new_length);
  } catch (const std::bad_alloc&) {
    is(StdException::bad_alloc);
  } catch (const std::bad_cast&) {
    is(StdException::bad_cast);
  } catch (const std::bad_typeid&) {
    is(StdException::bad_typeid);
  } catch (const std::bad_optional_access&) {
    is(StdException::bad_optional_access);
  } catch (const std::bad_variant_access&) {
    is(StdException::bad_variant_access);
  } catch (const std::bad_function_call&) {
    is(StdException::bad_function_call);
  } catch (const std::bad_weak_ptr&) {
    is(StdException::bad_weak_ptr);
  } catch (const std::bad_exception&) {
    is(StdException::bad_exception);
  } catch (const std::exception&) {
    is(StdException::exception);
  } catch (...) {
    is(StdException::runtime_error);
  }
}

// A type's name as users write it.
std::string demangled(const std::string& mangled) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), std::free);
  std::string name = status == 0 ? text.get() : mangled;
  for (std::string_view inline_namespace : {"ray::v1::", "std::__cxx11::"}) {
    std::string_view outer = inline_namespace.substr(0, 5);  // "ray::", "std::"
    for (std::size_t at; (at = name.find(inline_namespace)) != std::string::npos;) {
      name.replace(at, inline_namespace.size(), outer);
    }
  }
  return name;
}

// The type and its public bases, each once, by the run-time type information of the Itanium C++
// ABI.
void collect_types(const std::type_info& type, std::vector<std::string>& types) {
  if (std::ranges::find(types, type.name()) != types.end()) return;
  types.emplace_back(type.name());
  if (auto* single = dynamic_cast<const abi::__si_class_type_info*>(&type)) {
    collect_types(*single->__base_type, types);
  } else if (auto* several = dynamic_cast<const abi::__vmi_class_type_info*>(&type)) {
    for (unsigned i = 0; i < several->__base_count; ++i) {
      const abi::__base_class_type_info& base = several->__base_info[i];
      if (base.__is_public_p()) collect_types(*base.__base_type, types);
    }
  }
}

// The message of the exception being handled; that of one without what() names its type.
std::string current_message(const std::string& type) {
  try {
    throw;
  } catch (const std::exception& e) {
    return e.what();
  } catch (const Error& e) {
    return e.what();
  } catch (const char* text) {
    return text == nullptr ? type : text;
  } catch (const std::string& text) {
    return text;
  } catch (...) {
    return "an exception of type " + type;
  }
}

// Two classes of anonymous namespaces may share a name: their addresses tell them apart, where
// clang's and the library's comparisons do not.
bool is_same(const std::type_info& a, const std::type_info& b) {
  return &a == &b ||
         (std::strstr(a.name(), "_GLOBAL__N_") == nullptr && std::strcmp(a.name(), b.name()) == 0);
}

// The classes of exceptions that travel as themselves, by type_info::name(). Those that share a
// name do not: whoever catches one of them would catch the other, too.
struct ExceptionTypes {
  std::mutex mutex;
  std::unordered_map<std::string, std::optional<ExceptionType>> by_name;

  void add(const ExceptionType& type) {
    std::lock_guard lock(mutex);
    const auto [at, is_new] = by_name.try_emplace(type.type->name(), type);
    if (!is_new && at->second && !is_same(*at->second->type, *type.type)) at->second.reset();
  }
  std::optional<ExceptionType> find(const std::string& name) {
    std::lock_guard lock(mutex);
    auto found = by_name.find(name);
    if (found == by_name.end()) return std::nullopt;
    return found->second;
  }
};

ExceptionTypes& exception_types() {
  static auto* types = new ExceptionTypes;  // used until the last static destructor has run
  return *types;
}

[[noreturn]] void throw_task_error(const Record& record) {
  if (!record->value.empty() && !record->types.empty()) {
    if (auto type = exception_types().find(record->types.front())) type->throw_as(record);
  }
  throw_with_std<TaskError>(record);
}

[[noreturn]] void throw_record(const Record& record) {
  switch (record->kind) {
    case ErrorKind::error:
      throw_with_std<PlainError>(record);
    case ErrorKind::task:
      throw_task_error(record);
    case ErrorKind::worker_crashed:
      throw_runtime<WorkerCrashedError>(record);
    case ErrorKind::actor_died:
      throw_runtime<ActorDiedError>(record);
    case ErrorKind::actor_unavailable:
      throw_runtime<ActorUnavailableError>(record);
    case ErrorKind::object_lost:
      throw_runtime<ObjectLostError>(record);
    case ErrorKind::owner_died:
      throw_runtime<OwnerDiedError>(record);
    case ErrorKind::node_died:
      throw_runtime<NodeDiedError>(record);
    case ErrorKind::out_of_memory:
      throw_runtime<OutOfMemoryError>(record);
    case ErrorKind::object_store_full:
      throw Thrown<ObjectStoreFullError, std::bad_alloc>(record);
    case ErrorKind::get_timeout:
      throw_runtime<GetTimeoutError>(record);
    case ErrorKind::task_cancelled:
      throw_runtime<TaskCancelledError>(record);
    case ErrorKind::pending_calls_limit:
      throw_runtime<PendingCallsLimitExceeded>(record);
    case ErrorKind::runtime_env:
      throw_runtime<RuntimeEnvError>(record);
  }
  throw_with_std<PlainError>(record);
}

}  // namespace

std::vector<std::byte> encode_error(const ErrorRecord& record) {
  Sizer sizer;
  write<ErrorRecord>(sizer, record);
  std::vector<std::byte> bytes(sizer.size());
  Encoder encoder(bytes);
  write<ErrorRecord>(encoder, record);
  encoder.finish();
  return bytes;
}

ErrorRecord decode_error(std::span<const std::byte> bytes) {
  Decoder decoder(bytes);
  auto record = make<ErrorRecord>(decoder);
  decoder.finish();
  return record;
}

void throw_error(std::span<const std::byte> encoded) { throw_error(decode_error(encoded)); }

void throw_error(ErrorRecord record) {
  throw_record(std::make_shared<const ErrorRecord>(std::move(record)));
}

void throw_error(ErrorKind kind, std::string message) {
  ErrorRecord record;
  record.kind = kind;
  record.message = std::move(message);
  throw_error(std::move(record));
}

void throw_invalid_argument(std::string message) {
  ErrorRecord record;
  record.std_exception = StdException::invalid_argument;
  record.message = std::move(message);
  throw_error(std::move(record));
}

bool retry_matches(const RetryExceptions& options, const ErrorRecord& record) {
  if (options.all) return true;
  return std::ranges::any_of(options.types, [&](const std::string& type) {
    return std::ranges::find(record.types, type) != record.types.end();
  });
}

ErrorRecord current_exception_record(std::string_view function, std::string_view where,
                                     std::string_view node_id) {
  std::string line = "  at " + std::string(where) + " pid " + std::to_string(::getpid());
  if (!node_id.empty()) line += " node " + std::string(node_id);
  line += '\n';
  try {
    throw;
  } catch (const TaskError& e) {  // of a call that this one made: it keeps its origin
    ErrorRecord record = e.record();
    record.stack += line;
    return record;
  } catch (...) {
  }
  ErrorRecord record;
  record.kind = ErrorKind::task;
  record.node_id = node_id;
  record.pid = ::getpid();
  record.function = function;
  record.stack = line;
  classify(record);
  if (const std::type_info* type = abi::__cxa_current_exception_type()) {
    collect_types(*type, record.types);
    const auto known = exception_types().find(type->name());
    if (known && is_same(*known->type, *type)) record.value = known->encode_current();
  }
  for (const std::string& type : record.types) {  // of what we throw, the class that users know
    record.remote_type = demangled(type);
    if (!record.remote_type.starts_with("ray::internal::")) break;
  }
  record.message = current_message(record.remote_type);
  return record;
}

void add_exception_type(const ExceptionType& type) { exception_types().add(type); }

}  // namespace internal
}  // namespace ray::inline v1
