#include "compiler/codegen/codec_writer.h"

#include <cstdint>
#include <cstdio>

#include "compiler/codegen/callable_text.h"

namespace ray::compiler {
namespace {

// Changes with the names, the types and the order of what is stored.
std::string version(const Record& record) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  const auto add = [&hash](const std::string& text) {
    for (const char c : text + "\n") {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
  };
  add(record.name);
  for (const std::string& base : record.bases) add(base);
  for (const Record::Field& field : record.fields) add(field.type + " " + field.name);
  char text[32];
  std::snprintf(text, sizeof(text), "0x%016llx", static_cast<unsigned long long>(hash));
  return text;
}

void write_field(const Record::Field& field, TextWriter& out) {
  if (!field.is_bit_field) {
    out.line("ray_v(" + quoted(field.name) + ", ray_x." + field.name + ");");
    return;
  }
  const std::string copy = "ray_" + field.name;
  out.line("auto " + copy + " = ray_x." + field.name + ";");
  out.line("ray_v(" + quoted(field.name) + ", " + copy + ");");
  out.line("::ray::access::assign(ray_x, [&](auto& ray_y) { ray_y." + field.name + " = " + copy +
           "; });");
}

}  // namespace

void write_codec(const Record& record, TextWriter& out) {
  out.at(record.place);
  const std::string head =
      record.head ? head_text(*record.head, TemplateDefaults::none) : "template <>";
  out.begin(head + " struct ray::access::fields<" + record.name + "> {");
  out.line("static constexpr ::std::uint64_t version = " + version(record) + ";");
  out.line("template <class V, class X>");
  const bool is_empty = record.bases.empty() && record.fields.empty();
  out.begin(is_empty ? "static constexpr void visit(V&, X&) {"
                     : "static constexpr void visit(V& ray_v, X& ray_x) {");
  for (const std::string& base : record.bases) {
    out.line("ray_v.base(static_cast<::ray::access::like<X, " + base + ">&>(ray_x));");
  }
  for (const Record::Field& field : record.fields) write_field(field, out);
  out.end();
  out.end("};");
  if (record.is_exception) {
    out.line("template struct ::ray::internal::RegisterException<" + record.name + ">;");
  }
}

}  // namespace ray::compiler
