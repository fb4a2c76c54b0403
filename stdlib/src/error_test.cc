#include <gtest/gtest.h>
#include <ray/error.h>
#include <ray/internal/exception_type.h>

#include <any>
#include <filesystem>
#include <functional>
#include <future>
#include <ios>
#include <memory>
#include <new>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <variant>

namespace test {

struct Unlucky : std::runtime_error {
  Unlucky() : std::runtime_error("") {}
  Unlucky(std::string message, int number)
      : std::runtime_error(std::move(message)), number(number) {}
  int number = 0;
};

struct Verbose : std::out_of_range {  // no default constructor
  using std::out_of_range::out_of_range;
  int line = 0;
};

struct Sealed final : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct NoException {
  int number = 0;
};

struct Unknown : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

}  // namespace test

template <>
struct ray::access::fields<test::Unlucky> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v.base(static_cast<ray::access::like<X, std::runtime_error>&>(x));
    v("number", x.number);
  }
};
template <>
struct ray::access::fields<test::Verbose> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v.base(static_cast<ray::access::like<X, std::out_of_range>&>(x));
    v("line", x.line);
  }
};
template <>
struct ray::access::fields<test::NoException> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v("number", x.number);
  }
};
template <>
struct ray::access::fields<test::Sealed> {
  static constexpr std::uint64_t version = 1;
  template <class V, class X>
  static constexpr void visit(V& v, X& x) {
    v.base(static_cast<ray::access::like<X, std::runtime_error>&>(x));
  }
};
template struct ray::internal::RegisterException<test::Unlucky>;
template struct ray::internal::RegisterException<test::Verbose>;
template struct ray::internal::RegisterException<test::Sealed>;
template struct ray::internal::RegisterException<test::NoException>;

namespace ray::internal {
namespace {

// What a caller is thrown when a remote body throws `exception`.
template <class E>
[[noreturn]] void throw_remotely(const E& exception) {
  std::vector<std::byte> travelling;
  try {
    throw exception;
  } catch (...) {
    travelling = encode_error(current_exception_record("f", "f (a.cc:3)", "7f3a"));
  }
  throw_error(travelling);
}

// Whether the arriving exception can be caught as each of: what it was, TaskError, ray::Error,
// std::exception.
template <class As, class E>
bool arrives_as(const E& exception) {
  try {
    throw_remotely(exception);
  } catch (const As&) {
    return true;
  } catch (...) {
    return false;
  }
}

template <class E>
void expect_arrives(const E& exception) {
  EXPECT_TRUE(arrives_as<E>(exception)) << typeid(E).name();
  EXPECT_TRUE(arrives_as<TaskError>(exception)) << typeid(E).name();
  EXPECT_TRUE(arrives_as<Error>(exception)) << typeid(E).name();
  EXPECT_TRUE(arrives_as<std::exception>(exception)) << typeid(E).name();
}

TEST(ErrorTest, StdExceptionsArriveAsThemselves) {
  expect_arrives(std::logic_error("m"));
  expect_arrives(std::domain_error("m"));
  expect_arrives(std::invalid_argument("m"));
  expect_arrives(std::length_error("m"));
  expect_arrives(std::out_of_range("m"));
  expect_arrives(std::runtime_error("m"));
  expect_arrives(std::range_error("m"));
  expect_arrives(std::overflow_error("m"));
  expect_arrives(std::underflow_error("m"));
  expect_arrives(std::system_error(ENOENT, std::generic_category(), "m"));
  expect_arrives(std::bad_alloc());
  expect_arrives(std::bad_array_new_length());
  expect_arrives(std::bad_cast());
  expect_arrives(std::bad_typeid());
  expect_arrives(std::bad_optional_access());
  expect_arrives(std::bad_variant_access());
  expect_arrives(std::bad_function_call());
  expect_arrives(std::bad_weak_ptr());
  expect_arrives(std::bad_exception());
  expect_arrives(std::ios_base::failure("m"));
  expect_arrives(
      std::filesystem::filesystem_error("m", std::error_code(ENOENT, std::generic_category())));
  expect_arrives(std::exception());
}

TEST(ErrorTest, OtherStdExceptionsArriveAsTheirNearestBase) {
  EXPECT_TRUE(arrives_as<std::bad_cast>(std::bad_any_cast()));
  EXPECT_TRUE(arrives_as<std::logic_error>(std::future_error(std::future_errc::no_state)));
  EXPECT_TRUE(arrives_as<std::runtime_error>(std::regex_error(std::regex_constants::error_paren)));
}

TEST(ErrorTest, WhatTypeOriginAndStackAreCarried) {
  try {
    throw_remotely(std::out_of_range("index 7"));
  } catch (const TaskError& e) {
    EXPECT_STREQ(e.what(), "index 7");
    EXPECT_EQ(e.remote_type(), "std::out_of_range");
    EXPECT_EQ(e.function_name(), "f");
    EXPECT_EQ(e.pid(), ::getpid());
    EXPECT_EQ(e.node_id(), "7f3a");
    EXPECT_EQ(e.stack(), "  at f (a.cc:3) pid " + std::to_string(::getpid()) + " node 7f3a\n");
  }
  try {
    throw_remotely(std::out_of_range("index 7"));
  } catch (const std::exception& e) {
    EXPECT_STREQ(e.what(), "index 7");
  }
}

TEST(ErrorTest, ASystemErrorKeepsItsCode) {
  try {
    throw_remotely(std::system_error(ENOENT, std::generic_category(), "open"));
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::no_such_file_or_directory);
    EXPECT_NE(std::string(e.what()).find("open"), std::string::npos);
  }
}

TEST(ErrorTest, AUsersExceptionArrivesAsItself) {
  expect_arrives(test::Unlucky("m", 13));
  EXPECT_TRUE(arrives_as<std::runtime_error>(test::Unlucky("m", 13)));
  try {
    throw_remotely(test::Unlucky("bad luck", 13));
  } catch (const test::Unlucky& e) {
    EXPECT_EQ(e.number, 13);
    EXPECT_STREQ(e.what(), "bad luck");
    EXPECT_STREQ(static_cast<const std::runtime_error&>(e).what(), "bad luck");
    EXPECT_EQ(dynamic_cast<const TaskError&>(e).remote_type(), "test::Unlucky");
  }
}

TEST(ErrorTest, AUsersExceptionNeedsNoDefaultConstructorIfItTakesItsMessage) {
  test::Verbose verbose("too far");
  verbose.line = 7;
  expect_arrives(verbose);
  try {
    throw_remotely(verbose);
  } catch (const test::Verbose& e) {
    EXPECT_EQ(e.line, 7);
    EXPECT_STREQ(e.what(), "too far");
  }
}

TEST(ErrorTest, AFinalClassArrivesAsTaskErrorAndItsStdBase) {
  EXPECT_FALSE(arrives_as<test::Sealed>(test::Sealed("m")));
  EXPECT_TRUE(arrives_as<TaskError>(test::Sealed("m")));
  EXPECT_TRUE(arrives_as<std::runtime_error>(test::Sealed("m")));
}

TEST(ErrorTest, AnUnregisteredClassArrivesAsItsStdBase) {
  EXPECT_FALSE(arrives_as<test::Unknown>(test::Unknown("m")));
  EXPECT_TRUE(arrives_as<std::invalid_argument>(test::Unknown("m")));
}

TEST(ErrorTest, WhatIsNoStdExceptionArrivesWithItsTypesName) {
  expect_arrives(test::NoException{5});
  try {
    throw_remotely(42);
  } catch (const TaskError& e) {
    EXPECT_EQ(e.remote_type(), "int");
    EXPECT_STREQ(e.what(), "an exception of type int");
  }
  try {
    throw_remotely(std::string("text"));
  } catch (const TaskError& e) {
    EXPECT_STREQ(e.what(), "text");
  }
}

TEST(ErrorTest, ATaskErrorThatPassesThroughKeepsItsOriginAndGrowsItsStack) {
  std::vector<std::byte> travelling;
  try {
    throw_remotely(test::Unlucky("deep", 1));
  } catch (...) {
    travelling = encode_error(current_exception_record("g", "g (b.cc:9)", "7f3b"));
  }
  try {
    throw_error(travelling);
  } catch (const test::Unlucky& e) {
    const auto& error = dynamic_cast<const TaskError&>(e);
    EXPECT_EQ(error.function_name(), "f");
    EXPECT_EQ(error.node_id(), "7f3a");
    std::size_t inner = error.stack().find("at f (a.cc:3)");
    std::size_t outer = error.stack().find("at g (b.cc:9)");
    EXPECT_LT(inner, outer);
    EXPECT_NE(outer, std::string::npos);
  }
}

TEST(ErrorTest, AnErrorOfOursInABodyArrivesAsATaskErrorOfThatName) {
  std::vector<std::byte> travelling;
  try {
    throw_error(ErrorKind::get_timeout, "late");
  } catch (...) {
    travelling = encode_error(current_exception_record("g", "g (b.cc:9)", ""));
  }
  try {
    throw_error(travelling);
  } catch (const GetTimeoutError&) {
    FAIL() << "it is not this process that timed out";
  } catch (const TaskError& e) {
    EXPECT_EQ(e.remote_type(), "ray::GetTimeoutError");
    EXPECT_STREQ(e.what(), "late");
  }
}

template <class As>
void expect_thrown(ErrorKind kind) {
  try {
    throw_error(kind, "m");
  } catch (const std::exception& e) {
    EXPECT_STREQ(e.what(), "m");
    EXPECT_NE(dynamic_cast<const As*>(&e), nullptr);
    EXPECT_NE(dynamic_cast<const Error*>(&e), nullptr);
  }
}

TEST(ErrorTest, EachKindIsItsClass) {
  expect_thrown<TaskError>(ErrorKind::task);
  expect_thrown<WorkerCrashedError>(ErrorKind::worker_crashed);
  expect_thrown<ActorDiedError>(ErrorKind::actor_died);
  expect_thrown<ActorUnavailableError>(ErrorKind::actor_unavailable);
  expect_thrown<ObjectLostError>(ErrorKind::object_lost);
  expect_thrown<OwnerDiedError>(ErrorKind::owner_died);
  expect_thrown<NodeDiedError>(ErrorKind::node_died);
  expect_thrown<OutOfMemoryError>(ErrorKind::out_of_memory);
  expect_thrown<ObjectStoreFullError>(ErrorKind::object_store_full);
  expect_thrown<GetTimeoutError>(ErrorKind::get_timeout);
  expect_thrown<TaskCancelledError>(ErrorKind::task_cancelled);
  expect_thrown<PendingCallsLimitExceeded>(ErrorKind::pending_calls_limit);
  expect_thrown<RuntimeEnvError>(ErrorKind::runtime_env);
  EXPECT_THROW(throw_error(ErrorKind::object_store_full, "m"), std::bad_alloc);
  EXPECT_THROW(throw_invalid_argument("m"), std::invalid_argument);
}

TEST(ErrorTest, RecordsTravelWhole) {
  ErrorRecord record{.kind = ErrorKind::task,
                     .std_exception = StdException::system_error,
                     .message = "m",
                     .node_id = "n",
                     .pid = 7,
                     .remote_type = "T",
                     .types = {"1T", "2TB"},
                     .function = "f",
                     .stack = "s",
                     .code = -3,
                     .category = "generic",
                     .value = {std::byte{1}}};
  EXPECT_EQ(decode_error(encode_error(record)), record);
  EXPECT_THROW(decode_error({}), Error);
}

TEST(ErrorTest, RetriesAreForTheListedTypesAndTheirChildren) {
  ErrorRecord record;
  try {
    throw test::Unlucky("m", 1);
  } catch (...) {
    record = current_exception_record("f", "f", "");
  }
  EXPECT_FALSE(retry_matches(RetryExceptions(), record));
  EXPECT_TRUE(retry_matches(true, record));
  EXPECT_TRUE(retry_matches(exceptions<test::Unlucky>(), record));
  EXPECT_TRUE((retry_matches(exceptions<test::Verbose, std::runtime_error>(), record)));
  EXPECT_FALSE(retry_matches(exceptions<test::Verbose, std::logic_error>(), record));
}

}  // namespace
}  // namespace ray::internal
