// ValueReader gives written values their types; a value of another kind, or out of bounds, becomes
// an error that names the option it was meant for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/options/option_syntax.h"

namespace ray::compiler {

// The name of `names` that `written` is most likely a misspelling of; empty where none is near.
std::string_view nearest_name(std::string_view written, const std::vector<std::string_view>& names);

// "; did you mean 'x'?", or nothing where `name` is empty.
std::string did_you_mean(std::string_view name);

class ValueReader {
 public:
  // Messages call the value that of `option`, and show it behind `separator`. Both arguments
  // outlive the reader.
  ValueReader(std::string_view option, std::vector<OptionError>& errors,
              std::string_view separator = " = ")
      : option_(option), separator_(separator), errors_(errors) {}

  std::optional<double> quantity(const SyntaxValue& value);     // >= 0, steps of 0.0001
  std::optional<std::uint64_t> size(const SyntaxValue& value);  // bytes
  std::optional<std::int64_t> count(const SyntaxValue& value, std::int64_t min);
  std::optional<std::int64_t> count_or_no_limit(const SyntaxValue& value);  // -1: no limit
  std::optional<std::int64_t> limit(const SyntaxValue& value);              // >= 1; -1: none
  std::optional<bool> boolean(const SyntaxValue& value);
  std::optional<std::string> text(const SyntaxValue& value);  // not empty
  std::optional<std::string> name_or_text(const SyntaxValue& value);
  std::optional<Lifetime> lifetime(const SyntaxValue& value);
  std::optional<NumReturns> num_returns(const SyntaxValue& value);
  std::optional<RetryExceptions> retry_exceptions(const SyntaxValue& value);
  std::optional<Scheduling> scheduling(const SyntaxValue& value);
  std::optional<Quantities> resources(const SyntaxValue& value);
  std::optional<Counts> concurrency_groups(const SyntaxValue& value);
  std::optional<RuntimeEnv> runtime_env(const SyntaxValue& value);

 private:
  using Kind = SyntaxValue::Kind;

  OptionError& fail(TextRange range, std::string message);
  // The option takes `what` ("a number"), and `value` is no such thing.
  std::nullopt_t wrong_kind(const SyntaxValue& value, std::string_view what,
                            std::string_view example);
  std::optional<std::int64_t> integer(const SyntaxValue& value, std::string_view what);
  std::optional<NodeAffinity> node(const SyntaxValue& call);
  std::optional<Strings> strings(const SyntaxValue& value, std::string_view example);
  bool check_keys(const SyntaxValue& map);

  ValueReader entry(std::string_view key) { return {key, errors_, ": "}; }

  std::string_view option_;
  std::string_view separator_;
  std::vector<OptionError>& errors_;
};

}  // namespace ray::compiler
