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

void write_base(const std::string& base, TextWriter& out) {
  const bool is_pack = base.ends_with("...");
  const std::string type = is_pack ? base.substr(0, base.size() - 3) : base;
  // Of all casts, this one alone reaches a private base for every compiler.
  const std::string call = "ray_v.base((::ray::access::like<ray_X, " + type + ">&)ray_x)";
  out.line(is_pack ? "(" + call + ", ...);" : call + ";");
}

void write_field(const Record::Field& field, TextWriter& out) {
  if (!field.overlaid.empty()) {
    std::string members;
    for (const std::string& member : field.overlaid) {
      members += (members.empty() ? "ray_x." : ", ray_x.") + member;
    }
    out.line("ray_v(" + quoted(field.name) + ", ::ray::access::overlaid(" + members + "));");
    return;
  }
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
  std::string head = record.head             ? head_text(*record.head, HeadStyle::declaration)
                     : record.marker.empty() ? "template <>"
                                             : "template <class ray_T>";
  if (!record.marker.empty()) {
    const bool has_constraint = record.head && !record.head->constraint.empty();
    head += std::string(has_constraint ? " && " : " requires") + "(::std::is_same_v<" +
            record.marker + ", " + record.name + ">)";
  }
  out.begin(head + " struct ray::access::fields<" + record.name + "> {");
  out.line("static constexpr ::std::uint64_t version = " + version(record) + ";");
  out.line("template <class ray_V, class ray_X>");
  const bool is_empty = record.bases.empty() && record.fields.empty() && !record.is_union;
  out.begin(is_empty ? "static constexpr void visit(ray_V&, ray_X&) {"
                     : "static constexpr void visit(ray_V& ray_v, ray_X& ray_x) {");
  for (const std::string& base : record.bases) write_base(base, out);
  for (const Record::Field& field : record.fields) write_field(field, out);
  if (record.is_union) out.line("ray_v(\"(union)\", ::ray::access::overlaid(ray_x));");
  out.end();
  out.end("};");
  if (!record.polymorphic_bases.empty()) {
    std::string classes = record.name;
    for (const std::string& base : record.polymorphic_bases) classes += ", " + base;
    out.line("template struct ::ray::internal::RegisterDerived<" + classes + ">;");
  }
  if (record.is_exception) {
    out.line("template struct ::ray::internal::RegisterException<" + record.name + ">;");
  }
}

void write_class_versions(const std::vector<std::string>& versions, TextWriter& out) {
  std::string sum;
  for (const std::string& version : versions) {
    sum += (sum.empty() ? "" : " + ") + ("static_cast<::std::uint32_t>(" + version + ")");
  }
  out.begin("template <class ray_T> struct ray::access::class_version<ray_T, void> {");
  out.line("static ::std::uint32_t value() { return " + sum + "; }");
  out.end("};");
}

}  // namespace ray::compiler
