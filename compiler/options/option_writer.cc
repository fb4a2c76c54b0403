#include <array>
#include <charconv>

#include "compiler/options/option_parser.h"
#include "compiler/options/string_literal.h"

namespace ray::compiler {
namespace {

template <class Number>
std::string number_text(Number number) {
  std::array<char, 32> digits;  // longer than any shortest double
  const auto [end, status] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), end};
}

std::string text(double number) { return number_text(number); }
std::string text(std::int64_t number) { return number_text(number); }
std::string text(std::uint64_t number) { return number_text(number); }
std::string text(bool value) { return value ? "true" : "false"; }
std::string text(const std::string& value) { return encode_string_literal(value); }
std::string text(Lifetime) { return "::ray::Lifetime::detached"; }

template <class T>
std::string text(const std::vector<std::pair<std::string, T>>& entries) {
  std::string result = "{";
  for (const auto& [key, value] : entries) {
    if (result.size() > 1) result += ", ";
    result += "{" + text(key) + ", " + text(value) + "}";
  }
  return result + "}";
}

std::string text(const RetryExceptions& exceptions) {
  if (exceptions.types.empty()) return text(exceptions.all);
  std::string names;
  for (const TypeName& type : exceptions.types) {
    if (!names.empty()) names += ", ";
    // No space is needed for "<::" since C++11.
    names += type.spelling;
  }
  return "::ray::exceptions<" + names + ">()";
}

struct SchedulingText {
  static constexpr const char* kType = "::ray::SchedulingStrategy::";

  std::string operator()(const Hybrid&) const { return std::string(kType) + "hybrid()"; }
  std::string operator()(const Spread&) const { return std::string(kType) + "spread()"; }
  std::string operator()(const NodeAffinity& node) const {
    return kType + ("node(" + text(node.id)) + (node.soft ? ", true)" : ")");
  }
  std::string operator()(const LabelSelector& selector) const {
    return kType + ("labels(" + text(selector.labels)) + ")";
  }
};

std::string text(const Scheduling& scheduling) { return std::visit(SchedulingText{}, scheduling); }

std::string text(const RuntimeEnv& env) {
  std::string fields;
  if (!env.env.empty()) fields = ".env = " + text(env.env);
  if (env.working_dir) {
    fields += (fields.empty() ? "" : ", ") + (".working_dir = " + text(*env.working_dir));
  }
  return "{" + fields + "}";
}

class InitialiserWriter {
 public:
  template <class T>
  void field(const char* name, const Option<T>& option) {
    if (!option) return;
    if (!fields_.empty()) fields_ += ", ";
    fields_ += "." + std::string(name) + " = " + text(option->value);
  }
  std::string finish() const { return "{" + fields_ + "}"; }

 private:
  std::string fields_;
};

}  // namespace

std::string render_options(const ParsedOptions& options) {
  InitialiserWriter out;
  out.field("num_cpus", options.num_cpus);
  out.field("num_gpus", options.num_gpus);
  out.field("memory", options.memory);
  out.field("resources", options.resources);
  out.field("name", options.name);
  out.field("name_space", options.name_space);
  out.field("lifetime", options.lifetime);
  out.field("max_retries", options.max_retries);
  out.field("retry_exceptions", options.retry_exceptions);
  out.field("max_calls", options.max_calls);
  out.field("generator_backpressure", options.generator_backpressure);
  out.field("max_restarts", options.max_restarts);
  out.field("max_task_retries", options.max_task_retries);
  out.field("max_concurrency", options.max_concurrency);
  out.field("concurrency_groups", options.concurrency_groups);
  out.field("concurrency_group", options.concurrency_group);
  out.field("max_pending_calls", options.max_pending_calls);
  out.field("get_if_exists", options.get_if_exists);
  out.field("scheduling", options.scheduling);
  out.field("runtime_env", options.runtime_env);
  return out.finish();
}

}  // namespace ray::compiler
