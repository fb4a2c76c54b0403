#include "compiler/codegen/class_writer.h"

#include <map>
#include <set>
#include <vector>

#include "compiler/codegen/callable_text.h"
#include "compiler/codegen/function_writer.h"

namespace ray::compiler {
namespace {

using Overloads = std::vector<const Callable*>;

// Methods by name, in order of declaration.
std::vector<Overloads> overload_sets(const RemoteClass& actor) {
  std::vector<Overloads> result;
  std::map<std::string, std::size_t> index;
  for (const Callable& method : actor.methods) {
    const auto [found, is_new] = index.try_emplace(method.name, result.size());
    if (is_new) result.emplace_back();
    result[found->second].push_back(&method);
  }
  return result;
}

std::size_t required_arguments(const Callable& callable) {
  std::size_t count = 0;
  while (count < callable.parameters.size() && !callable.parameters[count].default_argument)
    ++count;
  return count;
}

// `remote` with `count` parameters, whose types are by default those of `overload`: that is what
// braces become.
void write_proxy_call(const Callable& overload, std::size_t count, TextWriter& out) {
  const std::string set = set_name(overload);
  std::string head = "template <class ray_S = " + set;
  std::string parameters;
  std::string types;
  std::string arguments;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    head += ", class ray_A" + n + " = " + internal("parameter_t<typename ray_S::arguments_") +
            std::to_string(count) + ", " + n + ">";
    parameters += (i == 0 ? "ray_A" : ", ray_A") + n + "&& ray_a" + n;
    types += ", ray_A" + n;
    arguments += ", static_cast<ray_A" + n + "&&>(ray_a" + n + ")";
  }
  out.line(head + ">");
  out.begin("auto remote(" + parameters + ") const -> " + internal("selected_result_t<ray_S") +
            types + "> {");
  out.line("return " + internal("submit_method_selected<ray_S>(ray$cell, nullptr") + arguments +
           ");");
  out.end();
}

void write_proxy(const Overloads& overloads, TextWriter& out) {
  const Callable& first = *overloads.front();
  out.line("struct " + set_name(first) + ";");
  for (const Callable* overload : overloads) out.line("struct " + identity_name(*overload) + ";");
  out.begin("struct " + first.name + "$proxy : " + internal("MethodProxy {"));
  std::set<std::size_t> written;
  for (const Callable* overload : overloads) {
    for (std::size_t n = required_arguments(*overload); n <= overload->parameters.size(); ++n) {
      if (written.insert(n).second) write_proxy_call(*overload, n, out);
    }
  }
  out.begin("auto options(::ray::MethodOptions ray_o) const -> " + internal("ConfiguredMethod<") +
            set_name(first) + "> {");
  out.line("return {ray$cell, static_cast<::ray::MethodOptions&&>(ray_o)};");
  out.end();
  out.end("};");
}

void write_selection(const Overloads& overloads, TextWriter& out) {
  out.begin("struct " + set_name(*overloads.front()) + " {");
  std::set<std::size_t> written;
  for (const Callable* overload : overloads) {
    for (std::size_t n = required_arguments(*overload); n <= overload->parameters.size(); ++n) {
      if (n == 0 || overload->kind != Callable::Kind::method || !written.insert(n).second) continue;
      out.line("struct arguments_" + std::to_string(n) + " { using type = void(" +
               parameter_list(*overload, ParameterStyle::types) + "); };");
    }
    out.line("static auto select(" + parameter_list(*overload, ParameterStyle::selection) +
             ") -> " + internal("selected<") + identity_name(*overload) + ", " +
             remote_result(*overload) + ">;");
  }
  out.end("};");
}

int depth(const RemoteClass& actor) { return static_cast<int>(actor.scope.levels.size()); }

}  // namespace

std::string class_top(const RemoteClass& actor) {
  TextWriter out(depth(actor));
  out.at(actor.place);
  out.label("public:");
  out.line("// What a handle of " + actor.qualified_name + " inherits.");
  const std::vector<Overloads> sets = overload_sets(actor);
  for (const Overloads& overloads : sets) write_proxy(overloads, out);
  out.begin("struct ray$methods {");
  out.begin("union {");
  out.line(internal("ObjectCell* ray$cell;"));
  for (const Overloads& overloads : sets) {
    const std::string& name = overloads.front()->name;
    out.line(name + "$proxy " + name + ";");
  }
  out.end("};");
  out.end("};");
  out.label(actor.access + ":");
  return out.take();
}

std::string class_bottom(const RemoteClass& actor) {
  TextWriter out(depth(actor));
  out.at(actor.place);
  out.label("public:");
  out.line("// The remote side of " + actor.qualified_name + ".");
  for (const Overloads& overloads : overload_sets(actor)) write_selection(overloads, out);
  Overloads constructors;
  for (const Callable& constructor : actor.constructors) {
    out.line("struct " + identity_name(constructor) + ";");
    constructors.push_back(&constructor);
  }
  if (constructors.empty()) return out.take();
  write_selection(constructors, out);
  const std::string handle = "::ray::ActorHandle<" + actor.scope.levels.back().name + ">";
  for (const Callable* constructor : constructors) {
    out.line("static auto remote(" + parameter_list(*constructor, ParameterStyle::with_defaults) +
             ") -> " + handle + ";");
  }
  out.line("template <class... ray_A> requires(" + internal("any_ref<ray_A...>)"));
  out.begin("static auto remote(ray_A&&... ray_a) -> " +
            internal("selected_result_t<new$set, ray_A...> {"));
  out.line("return " +
           internal("create_selected<new$set>(nullptr, static_cast<ray_A&&>(ray_a)...);"));
  out.end();
  if (!actor.has_own_options) {
    out.begin("static auto options(::ray::ActorOptions ray_o) -> " +
              internal("ConfiguredActor<new$set> {"));
    out.line("return {static_cast<::ray::ActorOptions&&>(ray_o)};");
    out.end();
  }
  return out.take();
}

void write_class(const RemoteClass& actor, TextWriter& out) {
  const ScopeText scope(actor.scope);
  out.at(actor.place);
  scope.open(out);
  for (const Callable& constructor : actor.constructors) {
    write_identity(constructor, out);
    out.line(scope.record_heads() + "inline auto " + scope.record_prefix() + "remote(" +
             parameter_list(constructor, ParameterStyle::declaration) + ") -> " +
             remote_result(constructor) + " {");
    const std::string arguments = forwarded_parameters(constructor);
    out.line("  return " + internal("create_actor<") + identity_name(constructor) + ">(nullptr" +
             (arguments.empty() ? "" : ", " + arguments) + ");");
    out.line("}");
  }
  for (const Callable& method : actor.methods) write_identity(method, out);
  scope.close(out);
  if (!actor.is_registered_here) return;
  for (const Callable& constructor : actor.constructors) write_registration(constructor, out);
  for (const Callable& method : actor.methods) write_registration(method, out);
}

}  // namespace ray::compiler
