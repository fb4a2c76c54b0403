#include "compiler/codegen/registry_writer.h"

#include <algorithm>

namespace ray::compiler {
namespace {

const char* kind_name(Callable::Kind kind) {
  switch (kind) {
    case Callable::Kind::constructor:
      return "actor";
    case Callable::Kind::method:
      return "method";
    default:
      return "task";
  }
}

std::string one_line(const Callable& callable) {
  return std::string(kind_name(callable.kind)) + "\t" + callable.qualified_name + "\t" +
         callable.signature + "\t" + (callable.options == "{}" ? "" : callable.options) + "\t" +
         callable.place.shown_file + ":" + std::to_string(callable.place.line);
}

bool is_template(const Callable& callable) {
  return callable.head || std::any_of(callable.scope.levels.begin(), callable.scope.levels.end(),
                                      [](const Scope::Level& level) { return level.head; });
}

std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

// The columns that people are not shown.
std::string types_of(const Callable& callable) {
  std::string result = is_template(callable)  ? "\ttemplate"
                       : callable.is_internal ? "\tinternal"
                                              : "\t";
  result += "\t" + std::to_string(callable.result_types.size());
  for (const std::string& type : callable.result_types) result += "\t" + type;
  for (std::size_t i = 0; i < callable.parameter_types.size(); ++i) {
    const Parameter& parameter = callable.parameters[i];
    result += "\t" + callable.parameter_types[i] + "\t" + parameter.name + "\t" +
              on_one_line(parameter.default_argument.value_or(""));
  }
  return result;
}

// Calls `write(callable)` for each that has a line.
template <class Write>
void for_each_callable(const TranslationUnit& unit, bool only_held, Write write) {
  for (const Callable& function : unit.functions) {
    if (!only_held || function.has_body) write(function);
  }
  for (const RemoteClass& actor : unit.classes) {
    for (const Callable& constructor : actor.constructors) write(constructor);
    for (const Callable& method : actor.methods) write(method);
  }
}

// "base ns::Item; int x; std::string name"
std::string one_line(const Record& record) {
  std::string parts;
  const auto add = [&parts](const std::string& part) {
    parts += (parts.empty() ? "" : "; ") + part;
  };
  for (const std::string& base : record.bases) add("base " + base);
  for (const Record::Field& field : record.fields) add(field.type + " " + field.name);
  const std::string name = record.name.substr(record.name.starts_with("::") ? 2 : 0);
  return "type\t" + name + "\t" + parts + "\t\t" + record.place.shown_file + ":" +
         std::to_string(record.place.line);
}

// Calls `write(record)` for each that has a line.
template <class Write>
void for_each_type(const TranslationUnit& unit, Write write) {
  for (const Record& record : unit.records) {
    const bool has_name = record.marker.empty() && !record.is_internal;
    const bool has_parts = !record.bases.empty() || !record.fields.empty();
    if (has_name && has_parts) write(record);
  }
}

}  // namespace

std::string registry_text(const TranslationUnit& unit) {
  std::string result;
  for_each_callable(unit, false,
                    [&](const Callable& callable) { result += one_line(callable) + "\n"; });
  if (result.empty()) return result;
  for_each_type(unit, [&](const Record& record) { result += one_line(record) + "\n"; });
  return result;
}

void write_registry(const TranslationUnit& unit, TextWriter& out) {
  std::vector<std::string> lines;
  for_each_callable(unit, true, [&](const Callable& callable) {
    lines.push_back(one_line(callable) + types_of(callable) + "\n");
  });
  if (lines.empty()) return;
  for_each_type(unit, [&](const Record& record) { lines.push_back(one_line(record) + "\n"); });
  out.line("// For `ray-cc --registry`, for workflows, and for the checks between two programs.");
  out.line(std::string("[[gnu::used, gnu::retain, gnu::section(\"") + kRegistrySection +
           "\")]] static const char ray$registry[] =");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out.line("    " + quoted(lines[i]) + (i + 1 == lines.size() ? ";" : ""));
  }
}

}  // namespace ray::compiler
