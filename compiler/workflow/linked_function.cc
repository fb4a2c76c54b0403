#include "compiler/workflow/linked_function.h"

#include <charconv>
#include <map>

#include "compiler/model/registry_line.h"

namespace ray::compiler::workflow {
namespace {

using Kind = graph::Function::Kind;

std::vector<std::string> split_columns(std::string_view line) {
  std::vector<std::string> columns;
  for (;;) {
    const std::size_t tab = line.find('\t');
    columns.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return columns;
    line.remove_prefix(tab + 1);
  }
}

std::optional<Kind> kind_of(std::string_view word) {
  if (word == "task") return Kind::task;
  if (word == "actor") return Kind::actor;
  if (word == "method") return Kind::method;
  return std::nullopt;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string LinkedFunction::class_name() const { return name.substr(0, name.rfind("::")); }

std::string LinkedFunction::symbol() const { return kind == Kind::actor ? class_name() : name; }

std::string_view without_number(std::string_view symbol) {
  return symbol.substr(0, symbol.rfind('#'));
}

std::optional<LinkedFunction> parse_registry_line(std::string_view line) {
  std::vector<std::string> columns = split_columns(line);
  const auto column = [&](RegistryColumn which) -> std::string& {
    return columns[static_cast<std::size_t>(which)];
  };
  constexpr auto kTypes = static_cast<std::size_t>(RegistryColumn::types);
  if (columns.size() < kTypes) return std::nullopt;
  LinkedFunction result;
  const std::optional<Kind> kind = kind_of(column(RegistryColumn::kind));
  std::size_t result_count = 0;
  const std::string& place = column(RegistryColumn::place);
  const std::size_t colon = place.rfind(':');
  if (!kind || colon == std::string::npos ||
      !read_number(std::string_view(place).substr(colon + 1), result.line) ||
      !read_number(std::string_view(column(RegistryColumn::result_count)), result_count) ||
      result_count > columns.size() - kTypes) {
    return std::nullopt;
  }
  result.kind = *kind;
  result.file = place.substr(0, colon);
  result.name = std::move(column(RegistryColumn::name));
  result.signature = std::move(column(RegistryColumn::signature));
  result.is_internal = column(RegistryColumn::flag) == "internal";
  result.is_template = column(RegistryColumn::flag) == "template";
  const auto types = columns.begin() + kTypes;
  const auto parameters = types + static_cast<std::ptrdiff_t>(result_count);
  result.results.assign(types, parameters);
  constexpr std::ptrdiff_t kEach = 3;
  if ((columns.end() - parameters) % kEach != 0) return std::nullopt;
  for (auto at = parameters; at != columns.end(); at += kEach) {
    result.parameters.push_back({std::move(at[0]), std::move(at[1]), std::move(at[2])});
  }
  return result;
}

std::vector<graph::Function> declarations_of(const std::vector<LinkedFunction>& functions) {
  std::vector<graph::Function> result;
  std::map<std::string, std::size_t> counts;
  for (const LinkedFunction& function : functions) {
    graph::Function declaration;
    declaration.kind = function.kind;
    declaration.is_internal = function.is_internal;
    declaration.symbol = function.symbol();
    const std::size_t count = ++counts[declaration.symbol];
    if (count > 1) declaration.symbol += "#" + std::to_string(count);
    for (const LinkedParameter& parameter : function.parameters) {
      declaration.parameters.push_back({parameter.type, std::nullopt});
    }
    declaration.results = function.results;
    declaration.place = {function.file, function.line, 1};
    result.push_back(std::move(declaration));
  }
  return result;
}

}  // namespace ray::compiler::workflow
