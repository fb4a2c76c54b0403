#include "compiler/options/option_checker.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/options/value_reader.h"

namespace ray::compiler {
namespace {

constexpr unsigned kTask = 1;
constexpr unsigned kActor = 2;
constexpr unsigned kMethod = 4;

unsigned bit_of(OptionTarget target) {
  switch (target) {
    case OptionTarget::task:
      return kTask;
    case OptionTarget::actor:
      return kActor;
    case OptionTarget::method:
      return kMethod;
  }
  return 0;
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

// "functions", "classes or methods": what `targets` are to the user.
std::string name_targets(unsigned targets) {
  std::string result;
  const auto add = [&](unsigned bit, std::string_view name) {
    if ((targets & bit) == 0) return;
    if (!result.empty()) result += " and ";
    result += name;
  };
  add(kTask, "functions");
  add(kActor, "classes");
  add(kMethod, "methods");
  return result;
}

template <class T>
void set(Option<T>& field, const SyntaxOption& option, std::optional<T> value) {
  if (value) field = Given<T>{std::move(*value), option.name_range, option.value.range};
}

using Read = void (*)(ValueReader&, const SyntaxOption&, ParsedOptions&);

struct Row {
  std::string_view name;
  unsigned targets;            // what it may stand on; 0: given at run time only
  std::string_view elsewhere;  // the option that does the like on another target
  Read read;
};

// Reads option `field` with reader `call`: `v` is the reader, `o` the option as written.
#define RAY_READ(field, call) \
  [](ValueReader& v, const SyntaxOption& o, ParsedOptions& out) { set(out.field, o, v.call); }

constexpr Row kRows[] = {
    {"num_cpus", kTask | kActor, "", RAY_READ(num_cpus, quantity(o.value))},
    {"num_gpus", kTask | kActor, "", RAY_READ(num_gpus, quantity(o.value))},
    {"memory", kTask | kActor, "", RAY_READ(memory, size(o.value))},
    {"resources", kTask | kActor, "", RAY_READ(resources, resources(o.value))},
    {"scheduling", kTask | kActor, "", RAY_READ(scheduling, scheduling(o.value))},
    {"max_retries", kTask, "max_restarts", RAY_READ(max_retries, count_or_no_limit(o.value))},
    {"retry_exceptions", kTask | kMethod, "",
     RAY_READ(retry_exceptions, retry_exceptions(o.value))},
    {"max_calls", kTask, "max_pending_calls", RAY_READ(max_calls, count(o.value, 0))},
    {"generator_backpressure", kTask | kMethod, "",
     RAY_READ(generator_backpressure, limit(o.value))},
    {"num_returns", kTask | kMethod, "", RAY_READ(num_returns, num_returns(o.value))},
    {"name", kTask | kActor | kMethod, "", RAY_READ(name, text(o.value))},
    {"lifetime", kActor, "", RAY_READ(lifetime, lifetime(o.value))},
    {"namespace", kActor, "", RAY_READ(name_space, text(o.value))},
    {"get_if_exists", kActor, "", RAY_READ(get_if_exists, boolean(o.value))},
    {"max_restarts", kActor, "max_retries", RAY_READ(max_restarts, count_or_no_limit(o.value))},
    {"max_task_retries", kActor | kMethod, "max_retries",
     RAY_READ(max_task_retries, count_or_no_limit(o.value))},
    {"max_concurrency", kActor, "concurrency_group", RAY_READ(max_concurrency, count(o.value, 1))},
    {"concurrency_groups", kActor, "concurrency_group",
     RAY_READ(concurrency_groups, concurrency_groups(o.value))},
    {"max_pending_calls", kActor, "max_calls", RAY_READ(max_pending_calls, count(o.value, 1))},
    {"runtime_env", kTask | kActor, "", RAY_READ(runtime_env, runtime_env(o.value))},
    {"concurrency_group", kMethod, "concurrency_groups",
     RAY_READ(concurrency_group, name_or_text(o.value))},
    {"labels", 0, "", nullptr},
    {"placement_group", 0, "", nullptr},
    {"bundle", 0, "", nullptr},
};

#undef RAY_READ

const Row* find_row(std::string_view name) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& r) { return r.name == name; });
  return row == std::end(kRows) ? nullptr : row;
}

OptionError at_name(DiagnosticKind kind, const SyntaxOption& option, std::string message) {
  return {option.name_range.offset, option.name_range.length, std::move(message), "", "", kind};
}

OptionError unknown_option(const SyntaxOption& option, unsigned target) {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) {
    if ((row.targets & target) != 0) names.push_back(row.name);
  }
  const std::string_view near = nearest_name(option.name, names);
  OptionError error = at_name(DiagnosticKind::unknown_option, option,
                              "unknown option " + in_quotes(option.name) + did_you_mean(near));
  error.fixit = near;
  return error;
}

OptionError not_applicable(const SyntaxOption& option, const Row& row, unsigned target) {
  const Row* elsewhere = find_row(row.elsewhere);
  const bool has_like = elsewhere != nullptr && (elsewhere->targets & target) != 0;
  OptionError error = at_name(DiagnosticKind::option_target, option,
                              "option " + in_quotes(option.name) + " is for " +
                                  name_targets(row.targets) + ", not for " + name_targets(target) +
                                  did_you_mean(has_like ? elsewhere->name : std::string_view()));
  if (has_like) error.fixit = elsewhere->name;
  return error;
}

}  // namespace

void check_options(const OptionSyntax& syntax, ParsedOptions& result) {
  const unsigned target = bit_of(result.target);
  std::map<std::string_view, const SyntaxOption*> seen;
  for (const SyntaxOption& option : syntax.options) {
    const Row* row = find_row(option.name);
    if (row == nullptr) {
      result.errors.push_back(unknown_option(option, target));
      continue;
    }
    if (row->targets == 0) {
      result.errors.push_back(
          at_name(DiagnosticKind::run_time_option, option,
                  "option " + in_quotes(option.name) + " can be given at run time only"));
      result.errors.back().note =
          "write '.options({." + option.name + " = ...})' where it is called";
      continue;
    }
    if ((row->targets & target) == 0) {
      result.errors.push_back(not_applicable(option, *row, target));
      continue;
    }
    if (!seen.emplace(option.name, &option).second) {
      result.errors.push_back(at_name(DiagnosticKind::repeated_option, option,
                                      "option " + in_quotes(option.name) + " is given twice"));
      continue;
    }
    ValueReader reader(row->name, result.errors);
    row->read(reader, option, result);
  }
  result.errors.insert(result.errors.end(), syntax.errors.begin(), syntax.errors.end());
  std::sort(result.errors.begin(), result.errors.end(),
            [](const OptionError& a, const OptionError& b) {
              return std::tie(a.offset, a.message) < std::tie(b.offset, b.message);
            });
}

}  // namespace ray::compiler
