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
  return result;
}

void write_registry(const TranslationUnit& unit, TextWriter& out) {
  const std::string text = registry_text(unit, true);
  if (text.empty()) return;
  out.line("// For `ray-cc --registry`.");
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
