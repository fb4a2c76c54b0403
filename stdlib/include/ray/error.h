// error.h is what users catch: ray::Error, and one class under it for each thing that can go wrong.
//
// These classes are interfaces and do not derive from std::exception; what is thrown derives from
// exactly one of them and from exactly one std exception, so that `catch (const std::exception&)`
// is never ambiguous. An exception of a remote function arrives as a TaskError that can also be
// caught as what it was there: as its std type (or the nearest std base), and, where that type is
// known to be serialisable and not final, as the user's own type.
//
// Threading: constant once thrown. Copying is cheap and never throws.
#pragma once

#include <ray/options.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace ray::inline v1 {

namespace internal {
struct ErrorRecord;
}

// The base of everything that the library throws.
class Error {
 public:
  virtual ~Error();
  // What went wrong; of a TaskError the remote exception's own what().
  virtual const char* what() const noexcept = 0;
  // The node and process that reported it; empty and 0 where that is not known.
  const std::string& node_id() const noexcept;
  std::int64_t pid() const noexcept;

  const internal::ErrorRecord& record() const noexcept { return *record_; }

 protected:
  explicit Error(std::shared_ptr<const internal::ErrorRecord> record)
      : record_(std::move(record)) {}
  Error(const Error&) = default;
  Error& operator=(const Error&) = default;

 private:
  std::shared_ptr<const internal::ErrorRecord> record_;
};

// The remote function threw.
class TaskError : public Error {
 public:
  ~TaskError() override;
  const std::string& remote_type() const noexcept;    // "std::out_of_range", "app::Unlucky"
  const std::string& function_name() const noexcept;  // "ns::retrieve"
  // The remote calls that it passed through, innermost first, one a line:
  // "  at retrieve (app.cc:12) pid 4711 node 7f3a".
  const std::string& stack() const noexcept;

 protected:
  using Error::Error;
};

// Each class below adds nothing to ray::Error but its name.
#define RAY_V1_ERROR_CLASS(Name) \
  class Name : public Error {    \
   public:                       \
    ~Name() override;            \
                                 \
   protected:                    \
    using Error::Error;          \
  }
RAY_V1_ERROR_CLASS(WorkerCrashedError);         // its process ended, and no retry was left
RAY_V1_ERROR_CLASS(ActorDiedError);             // it will never answer again
RAY_V1_ERROR_CLASS(ActorUnavailableError);      // it does not answer now; the call may have run
RAY_V1_ERROR_CLASS(ObjectLostError);            // no copy is left, and it cannot be made again
RAY_V1_ERROR_CLASS(OwnerDiedError);             // the process that made the ref has ended
RAY_V1_ERROR_CLASS(NodeDiedError);              // its node is gone
RAY_V1_ERROR_CLASS(OutOfMemoryError);           // the node's memory ran out; a worker was ended
RAY_V1_ERROR_CLASS(ObjectStoreFullError);       // a std::bad_alloc too
RAY_V1_ERROR_CLASS(GetTimeoutError);            // the timeout of get() has passed
RAY_V1_ERROR_CLASS(TaskCancelledError);         // ray::cancel() ended it
RAY_V1_ERROR_CLASS(PendingCallsLimitExceeded);  // max_pending_calls of the actor
RAY_V1_ERROR_CLASS(RuntimeEnvError);            // its runtime_env could not be made
#undef RAY_V1_ERROR_CLASS

namespace internal {

// Which class an error is thrown as. The values are part of the wire format.
enum class ErrorKind : std::uint8_t {
  error = 0,  // ray::Error alone
  task = 1,
  worker_crashed = 2,
  actor_died = 3,
  actor_unavailable = 4,
  object_lost = 5,
  owner_died = 6,
  node_died = 7,
  out_of_memory = 8,
  object_store_full = 9,
  get_timeout = 10,
  task_cancelled = 11,
  pending_calls_limit = 12,
  runtime_env = 13,
};

// The std exception that is thrown with it: the nearest std base of the remote one. The values are
// part of the wire format.
enum class StdException : std::uint8_t {
  runtime_error = 0,  // also where there was none
  exception = 1,
  logic_error = 2,
  domain_error = 3,
  invalid_argument = 4,
  length_error = 5,
  out_of_range = 6,
  range_error = 7,
  overflow_error = 8,
  underflow_error = 9,
  system_error = 10,
  bad_alloc = 11,
  bad_array_new_length = 12,
  bad_cast = 13,
  bad_typeid = 14,
  bad_optional_access = 15,
  bad_variant_access = 16,
  bad_function_call = 17,
  bad_weak_ptr = 18,
  bad_exception = 19,
  ios_failure = 20,
  filesystem_error = 21,
};

// An error as it travels. Fields that do not apply are empty.
struct ErrorRecord {
  ErrorKind kind = ErrorKind::error;
  StdException std_exception = StdException::runtime_error;
  std::string message;
  std::string node_id;
  std::int64_t pid = 0;
  // Of a task error:
  std::string remote_type;         // demangled
  std::vector<std::string> types;  // type_info::name() of the type and its public bases
  std::string function;
  std::string stack;
  std::int32_t code = 0;         // of a system_error
  std::string category;          // of a system_error
  std::vector<std::byte> value;  // the exception itself, encoded, where its type is known

  friend bool operator==(const ErrorRecord&, const ErrorRecord&) = default;
};

std::vector<std::byte> encode_error(const ErrorRecord& record);
// Throws ray::Error if the bytes are no record.
ErrorRecord decode_error(std::span<const std::byte> bytes);

// Throws what users catch.
[[noreturn]] void throw_error(std::span<const std::byte> encoded);
[[noreturn]] void throw_error(ErrorRecord record);
[[noreturn]] void throw_error(ErrorKind kind, std::string message);
[[noreturn]] void throw_invalid_argument(std::string message);  // ray::Error, std::invalid_argument

// Whether a failed task is to be run again under these options. Only task errors are asked about.
bool retry_matches(const RetryExceptions& options, const ErrorRecord& record);

// For the dispatcher. Call inside a catch block: the exception being handled, as a record.
// `where` says in which function, as a line of the stack: "retrieve (app.cc:12)".
ErrorRecord current_exception_record(std::string_view function, std::string_view where,
                                     std::string_view node_id);

// What exit_actor() of an engine in this process throws to leave the body.
struct ExitActor {};

// How an exception type of the user's travels as itself.
struct ExceptionType {
  const std::type_info* type = nullptr;
  // Inside a catch block: the encoded exception if it is of exactly this type.
  std::vector<std::byte> (*encode_current)() = nullptr;
  // Throws one that is a TaskError and the type; returns if the bytes are none.
  void (*throw_as)(std::shared_ptr<const ErrorRecord> record) = nullptr;
};
void add_exception_type(const ExceptionType& type);

}  // namespace internal
}  // namespace ray::inline v1
