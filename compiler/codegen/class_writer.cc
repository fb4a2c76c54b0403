#include "compiler/codegen/class_writer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "compiler/codegen/callable_text.h"
#include "compiler/codegen/function_writer.h"
#include "compiler/codegen/overload_set.h"

namespace ray::compiler {
namespace {

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

bool has_template(const Overloads& overloads) {
  return std::any_of(overloads.begin(), overloads.end(),
                     [](const Callable* overload) { return overload->head.has_value(); });
}

void write_proxy_body(const std::string& set, const std::string& arguments, TextWriter& out) {
  out.line("return " + internal("submit_method_selected<") + set + ">(ray$cell, nullptr" +
           arguments + ");");
  out.end();
}

// `remote` with `count` parameters. Where one overload alone takes so many, braces become what it
// wants: list number `only`.
void write_proxy_call(const std::string& set, std::size_t count, std::optional<std::size_t> only,
                      TextWriter& out) {
  std::string head = "template <class ray_S = " + set;
  std::string parameters;
  std::string types;
  std::string arguments;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    head += ", class ray_A" + n;
    if (only) {
      head += " = " + internal("braced_t<ray_S, ") + std::to_string(*only) + ", " + n + ">";
    }
    parameters += (i == 0 ? "ray_A" : ", ray_A") + n + "&& ray_a" + n;
    types += ", ray_A" + n;
    arguments += ", static_cast<ray_A" + n + "&&>(ray_a" + n + ")";
  }
  out.line(head + ">");
  out.begin("auto remote(" + parameters + ") const -> " + internal("selected_result_t<ray_S") +
            types + "> {");
  write_proxy_body("ray_S", arguments, out);
}

// `remote` with the parameters of list `index`: of several with so many, braces pick one as those
// of a plain call do.
void write_listed_call(const std::string& set, std::size_t index, std::size_t count,
                       TextWriter& out) {
  std::string parameters;
  std::string types;
  std::string arguments;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "ray_a" + std::to_string(i);
    const std::string type =
        internal("braced_t<ray_S, ") + std::to_string(index) + ", " + std::to_string(i) + ">";
    parameters += (i == 0 ? "" : ", ") + type + "&& " + name;
    types += ", " + type;
    arguments += ", static_cast<" + type + "&&>(" + name + ")";
  }
  out.line("template <class ray_S = " + set + ">");
  out.begin("auto remote(" + parameters + ") const -> " + internal("selected_result_t<ray_S") +
            types + "> {");
  write_proxy_body("ray_S", arguments, out);
}

// Calls of method templates: deduced, and with types or values that are given,
// `m.remote<int>(...)` and `m.remote<3>(...)`.
void write_template_calls(const std::string& set, TextWriter& out) {
  out.line("template <class ray_S = " + set + ", class... ray_A>");
  out.begin("auto remote(ray_A&&... ray_a) const -> " +
            internal("selected_result_t<ray_S, ray_A...> {"));
  write_proxy_body("ray_S", ", static_cast<ray_A&&>(ray_a)...", out);
  const std::string chosen =
      "typename " + internal("later_t<") + set + ", ray_T>::template chosen<ray_T, ray_Ts...>";
  out.line("template <class ray_T, class... ray_Ts, class... ray_A>");
  out.begin("auto remote(ray_A&&... ray_a) const -> " + internal("selected_result_t<") + chosen +
            ", ray_A...> {");
  write_proxy_body(chosen, ", static_cast<ray_A&&>(ray_a)...", out);
  const std::string valued = "typename " + internal("later_t<") + set +
                             ", ray_A...>::template chosen_values<ray_V, ray_Vs...>";
  out.line("template <auto ray_V, auto... ray_Vs, class... ray_A>");
  out.begin("auto remote(ray_A&&... ray_a) const -> " + internal("selected_result_t<") + valued +
            ", ray_A...> {");
  write_proxy_body(valued, ", static_cast<ray_A&&>(ray_a)...", out);
}

void write_proxy_calls(const Overloads& overloads, TextWriter& out) {
  const std::string set = set_name(*overloads.front());
  const std::vector<ArgumentList> lists = argument_lists(overloads);
  std::map<std::size_t, std::optional<std::size_t>> calls;  // by count, the one list of so many
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto [found, is_new] = calls.try_emplace(lists[i].count, i);
    if (!is_new) found->second.reset();
  }
  for (const Callable* overload : overloads) {
    if (overload->head) continue;
    for (std::size_t n = required_arguments(*overload); n <= overload->parameters.size(); ++n) {
      calls.try_emplace(n, std::nullopt);
    }
  }
  for (const auto& [count, only] : calls) write_proxy_call(set, count, only, out);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (!calls[lists[i].count]) write_listed_call(set, i, lists[i].count, out);
  }
  if (has_template(overloads)) write_template_calls(set, out);
}

void write_proxy(const Overloads& overloads, TextWriter& out) {
  const Callable& first = *overloads.front();
  out.line("struct " + set_name(first) + ";");
  for (const Callable* overload : overloads) {
    if (!overload->head) out.line(declared_identity(*overload));
  }
  out.begin("struct " + first.name + "$proxy : " + internal("MethodProxy {"));
  write_proxy_calls(overloads, out);
  out.line("template <class ray_S = " + set_name(first) + ">");
  out.begin("auto options(::ray::MethodOptions ray_o) const -> " +
            internal("ConfiguredMethod<ray_S> {"));
  out.line("return {ray$cell, static_cast<::ray::MethodOptions&&>(ray_o)};");
  out.end();
  out.end("};");
}

// Whether the result is deduced, and so known once the class is complete.
bool is_known_late(const Callable& method) {
  return method.kind == Callable::Kind::method && method.result.empty() && !method.head;
}

void write_selection(const Overloads& overloads, TextWriter& out) {
  const std::string set = set_name(*overloads.front());
  for (const Callable* overload : overloads) {
    if (overload->head) out.line(declared_identity(*overload));
  }
  out.begin("struct " + set + " {");
  const std::vector<ArgumentList> lists = argument_lists(overloads);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    out.line("static " + arguments_declaration("arguments", "", i, lists[i]));
  }
  for (const Callable* overload : overloads) {
    std::string head =
        overload->head ? head_text(*overload->head, HeadStyle::with_defaults) + " " : "";
    std::string object;
    if (is_known_late(*overload)) {
      object = "ray_L";
      head = "template <class ray_L = " + class_name(overload->scope) + "> ";
    }
    out.line(head + "static auto select(" + parameter_list(*overload, ParameterStyle::selection) +
             ") -> " + internal("selected<") + identity_type(*overload) + ", " +
             remote_result(*overload, object) + ">" + overload->requirement + ";");
  }
  if (has_template(overloads)) {
    out.begin("template <class... ray_T> struct chosen {");
    out.line("template <class... ray_A>");
    out.line("static auto select(ray_A&&... ray_a) -> decltype(" + internal("later_t<") + set +
             ", ray_A...>::template select<ray_T...>(static_cast<ray_A&&>(ray_a)...));");
    out.end("};");
    out.begin("template <auto... ray_V> struct chosen_values {");
    out.line("template <class... ray_A>");
    out.line("static auto select(ray_A&&... ray_a) -> decltype(" + internal("later_t<") + set +
             ", ray_A...>::template select<ray_V...>(static_cast<ray_A&&>(ray_a)...));");
    out.end("};");
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
  const std::string handle = "::ray::ActorHandle<" + class_name(actor.scope) + ">";
  for (const Callable* constructor : constructors) {
    out.line("static auto remote(" + parameter_list(*constructor, ParameterStyle::with_defaults) +
             ") -> " + handle + constructor->requirement + ";");
  }
  out.line("template <class... ray_A> requires(" + internal("any_ref<ray_A...>)"));
  out.begin("static auto remote(ray_A&&... ray_a) -> " +
            internal("selected_result_t<new$set, ray_A...> {"));
  out.line("return " +
           internal("create_selected<new$set>(nullptr, static_cast<ray_A&&>(ray_a)...);"));
  out.end();
  if (!actor.has_own_options) {
    out.line("template <class ray_S = new$set>");
    out.begin("static auto options(::ray::ActorOptions ray_o) -> " +
              internal("ConfiguredActor<ray_S> {"));
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
             remote_result(constructor) + constructor.requirement + " {");
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
