#include "compiler/codegen/registry_writer.h"

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
         callable.place.shown_file + ":" + std::to_string(callable.place.line) + "\n";
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
         std::to_string(record.place.line) + "\n";
}

}  // namespace

std::string registry_text(const TranslationUnit& unit, bool only_held) {
  std::string result;
  for (const Callable& function : unit.functions) {
    if (!only_held || function.has_body) result += one_line(function);
  }
  for (const RemoteClass& actor : unit.classes) {
    for (const Callable& constructor : actor.constructors) result += one_line(constructor);
    for (const Callable& method : actor.methods) result += one_line(method);
  }
  if (result.empty()) return result;
  for (const Record& record : unit.records) {
    const bool has_name = record.marker.empty() && !record.is_internal;
    const bool has_parts = !record.bases.empty() || !record.fields.empty();
    if (has_name && has_parts) result += one_line(record);
  }
  return result;
}

void write_registry(const TranslationUnit& unit, TextWriter& out) {
  const std::string text = registry_text(unit, true);
  if (text.empty()) return;
  out.line("// For `ray-cc --registry`, and for the checks between two programs.");
  out.line(std::string("[[gnu::used, gnu::retain, gnu::section(\"") + kRegistrySection +
           "\")]] static const char ray$registry[] =");
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin) + 1;
    out.line("    " + quoted(std::string_view(text).substr(begin, end - begin)) +
             (end == text.size() ? ";" : ""));
    begin = end;
  }
}

}  // namespace ray::compiler
