// OptionParser reads the option language of [[ray::remote(...)]] and [[ray::method(...)]]: the text
// between the parentheses in, typed options and errors with exact places out.
//
// The language is grammar/RemoteOptions.g4. Its parser is made by ANTLR, whose runtime throws and
// needs RTTI; clang is built without both, so neither ANTLR nor clang is visible here, and no
// exception leaves these functions.
//
// Threading: no shared state of ours; any thread may call.
// Limits: quantities are multiples of 0.0001; a text of more than 64 KiB is an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/model/diagnostic_kind.h"

namespace ray::compiler {

// What the attribute stands on.
enum class OptionTarget { task, actor, method };

// Bytes of the parsed text.
struct TextRange {
  std::size_t offset = 0;
  std::size_t length = 0;
};

// One diagnostic: `message` at `offset`, in clang's voice. `note`, where not empty, says what to do
// and stands at the same place. `fixit`, where not empty, replaces the range (an insertion where
// `length` is 0).
struct OptionError {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string message;
  std::string note;
  std::string fixit;
  DiagnosticKind kind = DiagnosticKind::option_syntax;
};

// An option that was written down, with the places of its name and its value for later checks.
template <class T>
struct Given {
  T value{};
  TextRange name_range;
  TextRange value_range;
};
template <class T>
using Option = std::optional<Given<T>>;

using Quantities = std::vector<std::pair<std::string, double>>;    // in the order written
using Strings = std::vector<std::pair<std::string, std::string>>;  // in the order written
using Counts = std::vector<std::pair<std::string, std::int64_t>>;  // in the order written

struct Hybrid {};
struct Spread {};
struct NodeAffinity {
  std::string id;
  bool soft = false;
};
struct LabelSelector {
  Strings labels;
};
using Scheduling = std::variant<Hybrid, Spread, NodeAffinity, LabelSelector>;

// A type as the user spelled it ("ns::Timeout"), to be looked up where the annotation stands.
struct TypeName {
  std::string spelling;
  TextRange range;
};
struct RetryExceptions {
  bool all = false;             // `true`: every exception
  std::vector<TypeName> types;  // otherwise these, and none when empty (`false`)
};

struct NumReturns {
  bool all = false;        // every element of the returned tuple
  std::int64_t count = 1;  // where not all
};

enum class Lifetime { detached };

struct RuntimeEnv {
  Strings env;
  std::optional<std::string> working_dir;
};

// What was written. An option with an error stays unset; `errors` is in the order of the text. All
// fields but num_returns are those of ray/options.h, in its order.
struct ParsedOptions {
  OptionTarget target = OptionTarget::task;

  Option<double> num_cpus;
  Option<double> num_gpus;
  Option<std::uint64_t> memory;  // bytes
  Option<Quantities> resources;
  Option<std::string> name;
  Option<std::string> name_space;  // written `namespace`
  Option<Lifetime> lifetime;
  Option<std::int64_t> max_retries;  // -1: no limit, as in the next four where it is allowed
  Option<RetryExceptions> retry_exceptions;
  Option<std::int64_t> max_calls;
  Option<std::int64_t> generator_backpressure;
  Option<std::int64_t> max_restarts;
  Option<std::int64_t> max_task_retries;
  Option<std::int64_t> max_concurrency;
  Option<Counts> concurrency_groups;
  Option<std::string> concurrency_group;  // of a method
  Option<std::int64_t> max_pending_calls;
  Option<bool> get_if_exists;
  Option<Scheduling> scheduling;
  Option<RuntimeEnv> runtime_env;

  Option<NumReturns> num_returns;  // shapes the type of the call, so only annotations have it

  std::vector<OptionError> errors;
};

// Parses what stands between the parentheses of the attribute, after macro expansion; offsets are
// into `text`.
ParsedOptions parse_options(std::string_view text, OptionTarget target);

// The C++ initialiser of ray::TaskOptions, ActorOptions or MethodOptions for what was given, fields
// in the order of ray/options.h: "{.num_cpus = 0.5, .max_retries = 5}", or "{}".
std::string render_options(const ParsedOptions& options);

}  // namespace ray::compiler
