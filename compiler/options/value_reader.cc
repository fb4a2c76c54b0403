#include "compiler/options/value_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "compiler/options/number_literal.h"

namespace ray::compiler {
namespace {

constexpr double kStepsOfOne = 10000;  // a quantity is a multiple of their inverse
constexpr double kQuantityMax = 1e12;

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return result;
}

// A value as messages call it.
std::string described(const SyntaxValue& value) {
  switch (value.kind) {
    case SyntaxValue::Kind::number:
    case SyntaxValue::Kind::name:
      return in_quotes(value.text);
    case SyntaxValue::Kind::call:
      return in_quotes(value.text + "(...)");
    case SyntaxValue::Kind::text:
      return "a string";
    case SyntaxValue::Kind::map:
      return "a map";
    case SyntaxValue::Kind::list:
      return "a list";
  }
  return "";
}

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<Unit, 9> kUnits{{{"B", 1},
                                      {"KB", 1000},
                                      {"MB", 1000 * 1000},
                                      {"GB", 1000ull * 1000 * 1000},
                                      {"TB", 1000ull * 1000 * 1000 * 1000},
                                      {"KiB", 1ull << 10},
                                      {"MiB", 1ull << 20},
                                      {"GiB", 1ull << 30},
                                      {"TiB", 1ull << 40}}};

}  // namespace

std::string_view nearest_name(std::string_view written,
                              const std::vector<std::string_view>& names) {
  std::string_view nearest;
  std::size_t best = (written.size() + 2) / 3 + 1;
  for (const std::string_view name : names) {
    const std::size_t distance = edit_distance(lower(written), lower(name));
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view name) {
  return name.empty() ? "" : "; did you mean " + in_quotes(name) + "?";
}

OptionError& ValueReader::fail(TextRange range, std::string message) {
  errors_.push_back(
      {range.offset, range.length, std::move(message), "", "", DiagnosticKind::option_value});
  return errors_.back();
}

std::nullopt_t ValueReader::wrong_kind(const SyntaxValue& value, std::string_view what,
                                       std::string_view example) {
  OptionError& error = fail(value.range, in_quotes(option_) + " takes " + std::string(what) +
                                             ", not " + described(value));
  error.note =
      value.kind == Kind::name && value.text != "true" && value.text != "false"
          ? "a literal or a macro can stand here; other values go to '.options({...})'"
          : "for example: " + std::string(option_) + std::string(separator_) + std::string(example);
  return std::nullopt;
}

std::optional<double> ValueReader::quantity(const SyntaxValue& value) {
  if (value.kind != Kind::number) return wrong_kind(value, "a number", "0.5");
  const auto number = parse_number_literal(value.text);
  if (!number) return wrong_kind(value, "a decimal number", "0.5");
  if (!number->unit.empty()) return wrong_kind(value, "a number without a unit", "0.5");
  if (number->negative) {
    fail(value.range, in_quotes(option_) + " cannot be negative");
    return std::nullopt;
  }
  if (number->too_large || number->value > kQuantityMax) {
    fail(value.range, in_quotes(value.text) + " is too large for " + in_quotes(option_));
    return std::nullopt;
  }
  const double steps = number->value * kStepsOfOne;
  const double rounding = 1e-6 + steps * 1e-12;  // of the binary fraction that a decimal becomes
  if (std::abs(steps - std::round(steps)) > rounding) {
    fail(value.range, in_quotes(option_) + " is counted in steps of 0.0001");
    return std::nullopt;
  }
  return std::round(steps) / kStepsOfOne;
}

std::optional<std::uint64_t> ValueReader::size(const SyntaxValue& value) {
  if (value.kind != Kind::number) return wrong_kind(value, "a size", "512MiB");
  const auto number = parse_number_literal(value.text);
  if (!number) return wrong_kind(value, "a size", "512MiB");
  if (number->negative) {
    fail(value.range, in_quotes(option_) + " cannot be negative");
    return std::nullopt;
  }
  std::uint64_t scale = 1;
  if (!number->unit.empty()) {
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                   [&](const Unit& u) { return u.name == number->unit; });
    if (unit == kUnits.end()) {
      std::vector<std::string_view> names;
      for (const Unit& u : kUnits) names.push_back(u.name);
      const std::string_view near = nearest_name(number->unit, names);
      const TextRange at{value.range.offset + value.range.length - number->unit.size(),
                         number->unit.size()};
      OptionError& error = fail(at, "unknown unit " + in_quotes(number->unit) + did_you_mean(near));
      error.note = "units are B, KB, MB, GB, TB, KiB, MiB, GiB and TiB";
      error.fixit = near;
      return std::nullopt;
    }
    scale = unit->bytes;
  }
  const double bytes = number->value * static_cast<double>(scale);
  if (number->too_large || bytes >= 0x1p63) {
    fail(value.range, in_quotes(value.text) + " is too large for " + in_quotes(option_));
    return std::nullopt;
  }
  if (number->whole) return number->integer * scale;
  if (bytes != std::floor(bytes)) {
    fail(value.range, in_quotes(option_) + " takes a whole number of bytes");
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(bytes);
}

std::optional<std::int64_t> ValueReader::integer(const SyntaxValue& value, std::string_view what) {
  if (value.kind != Kind::number) return wrong_kind(value, what, "2");
  const auto number = parse_number_literal(value.text);
  if (!number || !number->unit.empty() || (!number->whole && !number->too_large)) {
    return wrong_kind(value, what, "2");
  }
  if (number->too_large || number->integer > INT32_MAX) {
    fail(value.range, in_quotes(value.text) + " is too large for " + in_quotes(option_));
    return std::nullopt;
  }
  const auto magnitude = static_cast<std::int64_t>(number->integer);
  return number->negative ? -magnitude : magnitude;
}

std::optional<std::int64_t> ValueReader::count(const SyntaxValue& value, std::int64_t min) {
  const auto result = integer(value, "a whole number");
  if (!result || *result >= min) return result;
  fail(value.range,
       in_quotes(option_) +
           (*result < 0 ? " cannot be negative" : " must be at least " + std::to_string(min)));
  return std::nullopt;
}

std::optional<std::int64_t> ValueReader::count_or_no_limit(const SyntaxValue& value) {
  const auto result = integer(value, "a whole number, or -1 for no limit");
  if (!result || *result >= -1) return result;
  fail(value.range, in_quotes(option_) + " cannot be negative, but for -1, which means no limit");
  return std::nullopt;
}

std::optional<std::int64_t> ValueReader::limit(const SyntaxValue& value) {
  const auto result = integer(value, "a whole number, or -1 for no limit");
  if (!result || *result >= 1 || *result == -1) return result;
  fail(value.range, in_quotes(option_) + " must be at least 1, but for -1, which means no limit");
  return std::nullopt;
}

std::optional<bool> ValueReader::boolean(const SyntaxValue& value) {
  if (value.kind == Kind::name && value.text == "true") return true;
  if (value.kind == Kind::name && value.text == "false") return false;
  return wrong_kind(value, "true or false", "true");
}

std::optional<std::string> ValueReader::text(const SyntaxValue& value) {
  if (value.kind != Kind::text) return wrong_kind(value, "a string", "\"text\"");
  if (!value.text.empty()) return value.text;
  fail(value.range, in_quotes(option_) + " cannot be empty");
  return std::nullopt;
}

std::optional<std::string> ValueReader::name_or_text(const SyntaxValue& value) {
  if (value.kind == Kind::name || (value.kind == Kind::text && !value.text.empty())) {
    return value.text;
  }
  return wrong_kind(value, "a name", "io");
}

std::optional<Lifetime> ValueReader::lifetime(const SyntaxValue& value) {
  if (value.kind == Kind::name && value.text == "detached") return Lifetime::detached;
  wrong_kind(value, "only detached", "detached");
  if (lower(value.text) == "detached") errors_.back().fixit = "detached";
  return std::nullopt;
}

std::optional<NumReturns> ValueReader::num_returns(const SyntaxValue& value) {
  if (value.kind == Kind::name && value.text == "all") return NumReturns{.all = true};
  if (value.kind == Kind::name || value.kind == Kind::text) {
    wrong_kind(value, "a whole number or all", "all");
    if (value.text == "streaming" || value.text == "dynamic") {
      errors_.back().note = "return a ray::Generator<T> for a stream of results";
    }
    return std::nullopt;
  }
  const auto count = this->count(value, 1);
  if (!count) return std::nullopt;
  return NumReturns{.count = *count};
}

std::optional<RetryExceptions> ValueReader::retry_exceptions(const SyntaxValue& value) {
  RetryExceptions result;
  if (value.kind == Kind::name && (value.text == "true" || value.text == "false")) {
    result.all = value.text == "true";
    return result;
  }
  if (value.kind != Kind::list) {
    return wrong_kind(value, "true, false or a list of types", "[std::runtime_error]");
  }
  for (const SyntaxValue& item : value.items) {
    if (item.kind != Kind::name) {
      fail(item.range, "expected the name of an exception type, not " + described(item));
      return std::nullopt;
    }
    result.types.push_back({item.text, item.range});
  }
  return result;
}

std::optional<NodeAffinity> ValueReader::node(const SyntaxValue& call) {
  const auto& items = call.items;
  const bool has_id = !items.empty() && items[0].kind == Kind::text && !items[0].text.empty();
  const bool soft = items.size() == 2 && items[1].kind == Kind::name && items[1].text == "soft";
  if (has_id && (items.size() == 1 || soft)) return NodeAffinity{items[0].text, soft};
  const TextRange at = !has_id && !items.empty() ? items[0].range
                       : items.size() > 1        ? items[1].range
                                                 : call.range;
  fail(at, "'node' takes the id of a node, then soft or nothing").note =
      "for example: scheduling = node(\"4f1e\", soft)";
  return std::nullopt;
}

std::optional<Scheduling> ValueReader::scheduling(const SyntaxValue& value) {
  static const std::vector<std::string_view> kNames{"hybrid", "spread", "node", "labels"};
  if (value.kind == Kind::name && value.text == "hybrid") return Hybrid{};
  if (value.kind == Kind::name && value.text == "spread") return Spread{};
  if (value.kind == Kind::call && value.text == "node") return node(value);
  if (value.kind == Kind::call && value.text == "labels" && value.items.size() == 1) {
    auto labels = strings(value.items[0], "labels({\"zone\": \"west\"})");
    if (!labels) return std::nullopt;
    return LabelSelector{std::move(*labels)};
  }
  if (value.kind == Kind::name || value.kind == Kind::call || value.kind == Kind::text) {
    const std::string_view near = nearest_name(value.text, kNames);
    OptionError& error = fail(value.range, "unknown scheduling " + in_quotes(value.text) +
                                               (near == value.text ? "" : did_you_mean(near)));
    error.note = "scheduling is hybrid, spread, node(\"id\"), node(\"id\", soft) or labels({...})";
    if (near == "hybrid" || near == "spread") error.fixit = near;
    return std::nullopt;
  }
  return wrong_kind(value, "hybrid, spread, node(...) or labels(...)", "spread");
}

bool ValueReader::check_keys(const SyntaxValue& map) {
  std::set<std::string_view> seen;
  for (const SyntaxEntry& entry : map.entries) {
    if (entry.key.empty()) {
      fail(entry.key_range, "a key cannot be empty");
      return false;
    }
    if (!seen.insert(entry.key).second) {
      fail(entry.key_range, in_quotes(entry.key) + " is given twice");
      return false;
    }
  }
  return true;
}

std::optional<Strings> ValueReader::strings(const SyntaxValue& value, std::string_view example) {
  if (value.kind != Kind::map) return wrong_kind(value, "a map of strings", example);
  if (!check_keys(value)) return std::nullopt;
  Strings result;
  for (const SyntaxEntry& entry : value.entries) {
    if (entry.value.kind != Kind::text) {
      fail(entry.value.range, "expected a string, not " + described(entry.value));
      return std::nullopt;
    }
    result.emplace_back(entry.key, entry.value.text);
  }
  return result;
}

std::optional<Quantities> ValueReader::resources(const SyntaxValue& value) {
  if (value.kind != Kind::map) return wrong_kind(value, "a map of numbers", "{\"TPU\": 1}");
  if (!check_keys(value)) return std::nullopt;
  Quantities result;
  for (const SyntaxEntry& entry : value.entries) {
    const std::string_view own_option = entry.key == "CPU"      ? "num_cpus"
                                        : entry.key == "GPU"    ? "num_gpus"
                                        : entry.key == "memory" ? "memory"
                                                                : "";
    if (!own_option.empty()) {
      fail(entry.key_range, in_quotes(entry.key) + " cannot stand in 'resources'").note =
          "write " + in_quotes(std::string(own_option) + " = ...") + " instead";
      return std::nullopt;
    }
    const auto amount = this->entry(entry.key).quantity(entry.value);
    if (!amount) return std::nullopt;
    result.emplace_back(entry.key, *amount);
  }
  return result;
}

std::optional<Counts> ValueReader::concurrency_groups(const SyntaxValue& value) {
  if (value.kind != Kind::map) return wrong_kind(value, "a map of whole numbers", "{io: 2}");
  if (!check_keys(value)) return std::nullopt;
  Counts result;
  for (const SyntaxEntry& entry : value.entries) {
    const auto threads = this->entry(entry.key).count(entry.value, 1);
    if (!threads) return std::nullopt;
    result.emplace_back(entry.key, *threads);
  }
  return result;
}

std::optional<RuntimeEnv> ValueReader::runtime_env(const SyntaxValue& value) {
  static constexpr std::string_view kExample = "{env: {\"KEY\": \"value\"}}";
  if (value.kind != Kind::map) return wrong_kind(value, "a map", kExample);
  if (!check_keys(value)) return std::nullopt;
  RuntimeEnv result;
  for (const SyntaxEntry& entry : value.entries) {
    if (entry.key == "env") {
      auto env = this->entry("env").strings(entry.value, "{\"KEY\": \"value\"}");
      if (!env) return std::nullopt;
      result.env = std::move(*env);
    } else if (entry.key == "working_dir") {
      result.working_dir = this->entry("working_dir").text(entry.value);
      if (!result.working_dir) return std::nullopt;
    } else {
      const std::string_view near = nearest_name(entry.key, {"env", "working_dir"});
      OptionError& error = fail(entry.key_range, "'runtime_env' has no field " +
                                                     in_quotes(entry.key) + did_you_mean(near));
      error.note = "its fields are env and working_dir";
      error.fixit = near;
      return std::nullopt;
    }
  }
  return result;
}

}  // namespace ray::compiler
