#include "compiler/codegen/function_writer.h"

#include "compiler/codegen/callable_text.h"

namespace ray::compiler {
namespace {

bool is_member(const Callable& function) { return function.kind == Callable::Kind::static_member; }

std::string storage(const Callable& function) {
  if (is_member(function)) return "static ";
  return function.has_internal_stubs ? "[[maybe_unused]] inline " : "inline ";
}

// What qualifies a static member's generated siblings: the class, looked into when a call is made,
// for it is not complete before. `parameter` is one of the template that this stands in.
std::string found_later(const Callable& function, const std::string& parameter,
                        bool is_template = false) {
  if (!is_member(function)) return "";
  const bool is_pack = parameter.ends_with("...");
  const std::string condition =
      is_pack ? "sizeof...(" + parameter.substr(0, parameter.size() - 3) + ") >= 0"
              : parameter + " >= 0";
  return "::std::enable_if_t<(" + condition + "), " + class_name(function.scope) +
         ">::" + (is_template ? "template " : "");
}

std::string comma_before(const std::string& list) { return list.empty() ? "" : ", " + list; }

// Whether its result is deduced from a body that the compiler reads after the class.
bool is_known_late(const Callable& function) {
  return is_member(function) && function.result.empty() && !function.head;
}
std::string late_head(const Callable& function, HeadStyle style) {
  return "template <class ray_L" +
         (style == HeadStyle::with_defaults ? " = " + class_name(function.scope) : "") + "> ";
}
std::string late_result(const Callable& function) {
  return remote_result(function, is_known_late(function) ? "ray_L" : "");
}

// The head of a template's $remote, which leaves refs to the overload that unwraps them; before its
// return type is looked at, for that may be deduced from a body.
std::string remote_head(const Callable& function, HeadStyle style) {
  if (is_known_late(function)) return late_head(function, style);
  if (!function.head) return "";
  std::string types;
  for (const Parameter& parameter : function.parameters) {
    if (parameter.referenced) continue;
    if (!types.empty()) types += ", ";
    types += parameter.type;
  }
  std::string guard;
  if (!types.empty()) {
    guard = "class ray_E";
    if (style == HeadStyle::with_defaults) {
      guard += " = ::std::enable_if_t<!" + internal("any_ref<") + types + ">>";
    }
  }
  return head_text(*function.head, style, guard) + " ";
}

// The selection of an overload: found by the tag in namespaces, by the class in classes.
void write_set(const Callable& function, TextWriter& out) {
  const std::string set = set_name(function);
  const std::string name = function.name;
  const std::string selector = found_later(function, "ray_A...") + name + "$sel";
  out.begin("struct " + set + " {");
  out.line("template <class... ray_A>");
  out.line("static auto select(ray_A&&... ray_a)");
  out.line("    -> decltype(" + selector + "(static_cast<" + set +
           "*>(nullptr), static_cast<ray_A&&>(ray_a)...));");
  out.line("template <::std::size_t ray_N>");
  out.line("static auto arguments(" + internal("Index<ray_N> ray_n)"));
  out.line("    -> decltype(" + found_later(function, "ray_N") + name + "$arguments(static_cast<" +
           set + "*>(nullptr), ray_n));");
  out.end("};");
  const std::string prefix = storage(function);
  out.line("template <class... ray_A> requires(" + internal("any_ref<ray_A...>)"));
  out.begin(prefix + "auto " + name + "$remote(ray_A&&... ray_a) -> " +
            internal("selected_result_t<") + set + ", ray_A...> {");
  out.line("return " + internal("submit_selected<") + set +
           ">(nullptr, static_cast<ray_A&&>(ray_a)...);");
  out.end();
  out.line("template <" + internal("Given ray_G = ") + internal("Given::all") +
           ", class ray_S = " + set + ">");
  out.begin(prefix + "auto " + name + "$options(::ray::TaskOptions ray_o) -> " +
            internal("ConfiguredTask<ray_S> {"));
  out.line("return {static_cast<::ray::TaskOptions&&>(ray_o)};");
  out.end();
}

// `f<int>.remote(ref)` and `f<int>.options(...)`, where all template parameters are types: once for
// the set, with those arguments that are given.
void write_chosen_set(const Callable& function, TextWriter& out) {
  const std::string chosen = function.name + "$chosen";
  const std::string selector = found_later(function, "ray_A...", true);
  const std::string prefix = storage(function);
  out.begin("template <class... ray_T> struct " + chosen + " {");
  out.line("template <class... ray_A>");
  out.line("static auto select(ray_A&&... ray_a)");
  out.line("    -> decltype(" + selector + function.name + "$sel<ray_T...>(static_cast<" +
           set_name(function) + "*>(nullptr), static_cast<ray_A&&>(ray_a)...));");
  out.end("};");
  out.line("template <class ray_T, class... ray_Ts, class... ray_A> requires(" +
           internal("any_ref<ray_A...>)"));
  out.begin(prefix + "auto " + function.name + "$remote(ray_A&&... ray_a) -> " +
            internal("selected_result_t<") + chosen + "<ray_T, ray_Ts...>, ray_A...> {");
  out.line("return " + internal("submit_selected<") + chosen +
           "<ray_T, ray_Ts...>>(nullptr, static_cast<ray_A&&>(ray_a)...);");
  out.end();
  out.line("template <class ray_T, class... ray_Ts>");
  out.begin(prefix + "auto " + function.name + "$options(::ray::TaskOptions ray_o) -> " +
            internal("ConfiguredTask<") + chosen + "<ray_T, ray_Ts...>> {");
  out.line("return {static_cast<::ray::TaskOptions&&>(ray_o)};");
  out.end();
}

// `f<3>.remote(ref)` and `f<3>.options(...)`, where some that are given are not types: for the
// first `count` of them.
void write_chosen(const Callable& function, std::size_t count, TextWriter& out) {
  TemplateHead given = *function.head;
  given.parameters.resize(count);
  const std::string chosen = identity_name(function) + "$" + std::to_string(count);
  const std::string chosen_type = chosen + "<" + argument_list(given) + ">";
  const std::string prefix = storage(function);
  const std::string guard = internal("Given ray_G = ") + internal("Given::all");
  out.begin(head_text(given, HeadStyle::unconstrained) + " struct " + chosen + " {");
  out.line("template <class... ray_A>");
  out.line("static auto select(ray_A&&... ray_a)");
  out.line("    -> decltype(" + found_later(function, "ray_A...", true) + function.name + "$sel<" +
           argument_list(given) + ">(static_cast<" + set_name(function) +
           "*>(nullptr), static_cast<ray_A&&>(ray_a)...));");
  out.end("};");
  out.line(head_text(given, HeadStyle::unconstrained, guard + ", class... ray_A") + " requires(" +
           internal("any_ref<ray_A...>)"));
  out.begin(prefix + "auto " + function.name + "$remote(ray_A&&... ray_a) -> " +
            internal("selected_result_t<") + chosen_type + ", ray_A...> {");
  out.line("return " + internal("submit_selected<") + chosen_type +
           ">(nullptr, static_cast<ray_A&&>(ray_a)...);");
  out.end();
  out.line(head_text(given, HeadStyle::unconstrained, guard));
  out.begin(prefix + "auto " + function.name + "$options(::ray::TaskOptions ray_o) -> " +
            internal("ConfiguredTask<") + chosen_type + "> {");
  out.line("return {static_cast<::ray::TaskOptions&&>(ray_o)};");
  out.end();
}

// `ray::task(f<int>)` becomes `ray::task(f$task<int>())`, which lists that instance.
std::string task_pointer(const Callable& function, const std::string& prefix) {
  const std::string type =
      result_type(function) + " (*)(" + parameter_list(function, ParameterStyle::types) + ")";
  std::string result = "auto " + prefix + function.name + "$task() -> ";
  if (function.requirement.empty()) {
    result += type;
  } else {  // which may name the parameters; g++ would read it as a part of a plain type
    result += "::std::type_identity_t<" + type + "> requires requires(" +
              parameter_list(function, ParameterStyle::declaration) + ") {" + function.requirement +
              "; }";
  }
  return result;
}

void write_default_arguments(const Callable& callable, TextWriter& out) {
  for (std::size_t i = 0; i < callable.parameters.size(); ++i) {
    const Parameter& parameter = callable.parameters[i];
    if (!parameter.default_argument) continue;
    out.line("static ::std::remove_cvref_t<" + parameter.type + "> default_argument(" +
             internal("Index<") + std::to_string(i) + ">) { return " + *parameter.default_argument +
             "; }");
  }
}

std::string options_type(const Callable& callable) {
  switch (callable.kind) {
    case Callable::Kind::constructor:
      return "::ray::ActorOptions";
    case Callable::Kind::method:
      return "::ray::MethodOptions";
    default:
      return "::ray::TaskOptions";
  }
}

void write_call(const Callable& callable, TextWriter& out) {
  const std::string arguments = "(static_cast<ray_A&&>(ray_a)...)";
  if (callable.kind == Callable::Kind::constructor) {
    out.line("template <class... ray_A>");
    out.begin("static ::std::unique_ptr<object> call(ray_A&&... ray_a) {");
    out.line("return ::std::unique_ptr<object>(new object" + arguments + ");");
  } else if (callable.kind == Callable::Kind::method) {
    if (callable.has_pointer) {
      out.line("static constexpr auto pointer = static_cast<" + result_type(callable) +
               " (object::*)(" + parameter_list(callable, ParameterStyle::types) + ")" +
               callable.qualifiers + ">(&object::" + member(callable) + ");");
    }
    out.line("template <class... ray_A>");
    out.begin("static decltype(auto) call(object& ray_self, ray_A&&... ray_a) {");
    // By the pointer, which names one overload; a name might mean others as well.
    out.line("return " +
             (callable.has_pointer ? "(ray_self.*pointer)" : "ray_self." + member(callable)) +
             arguments + ";");
  } else {
    out.line("static constexpr type* pointer = " + callee(callable) + ";");
    out.line("template <class... ray_A>");
    out.begin("static decltype(auto) call(ray_A&&... ray_a) {");
    out.line("return static_cast<type*>(" + callee(callable) + ")" + arguments + ";");
  }
  out.end();
}

}  // namespace

std::string function_stubs(const Callable& function, StubParts parts) {
  TextWriter out(static_cast<int>(is_member(function) ? function.scope.levels.size() : 0));
  const std::string head = function.head ? head_text(*function.head, HeadStyle::with_defaults) + " "
                           : is_known_late(function) ? late_head(function, HeadStyle::with_defaults)
                                                     : "";
  const std::string set = set_name(function);
  const std::string selection = parameter_list(function, ParameterStyle::selection);
  const std::string prefix = storage(function);
  out.at(function.place);
  out.line("// The remote side of " + function.qualified_name + ".");
  if (function.is_extern_c) out.line("extern \"C++\" {");
  const bool needs_namespace = needs_anonymous_namespace(function);
  if (needs_namespace) out.line("namespace {");
  if (parts.opens_set) out.line("struct " + set + ";");
  out.line(declared_identity(function));
  out.line(head +
           (is_member(function)           ? "static "
            : function.has_internal_stubs ? "[[maybe_unused]] "
                                          : "") +
           "auto " + function.name + "$sel(" + set + "*" + comma_before(selection) + ") -> " +
           internal("selected<") + identity_type(function) + ", " + late_result(function) + ">" +
           function.requirement + ";");
  out.line(remote_head(function, HeadStyle::with_defaults) + prefix + "auto " + function.name +
           "$remote(" + parameter_list(function, ParameterStyle::with_defaults) + ") -> " +
           late_result(function) + function.requirement + ";");
  for (const auto& [index, list] : parts.argument_lists) {
    out.line((is_member(function)           ? "static "
              : function.has_internal_stubs ? "[[maybe_unused]] "
                                            : "") +
             arguments_declaration(function.name + "$arguments", set + "*, ", index, list));
  }
  if (parts.opens_set) write_set(function, out);
  if (parts.opens_chosen_set) write_chosen_set(function, out);
  for (const std::size_t count : parts.opens_chosen) write_chosen(function, count, out);
  if (function.head) {
    out.line(head_text(*function.head, HeadStyle::with_defaults) + " " + prefix +
             task_pointer(function, "") + ";");
  }
  if (needs_namespace) out.line("}");
  if (function.is_extern_c) out.line("}");
  return out.take();
}

void write_identity(const Callable& callable, TextWriter& out) {
  const ScopeText scope(callable.scope, callable.has_internal_stubs);
  const std::string head =
      callable.head ? head_text(*callable.head, HeadStyle::unconstrained) + " " : "";
  out.begin(scope.record_heads() + head + "struct " + scope.record_prefix() +
            identity_name(callable) + " {");
  if (callable.kind == Callable::Kind::constructor || callable.kind == Callable::Kind::method) {
    out.line("using object = " + class_name(callable.scope) + ";");
  }
  if (callable.kind == Callable::Kind::constructor && callable.is_async) {
    out.line("static constexpr bool is_async = true;");
  }
  out.line("using type = " + result_type(callable) + "(" +
           parameter_list(callable, ParameterStyle::types) + ");");
  std::string info = "static constexpr " + internal("FunctionInfo info{.name = ") +
                     quoted(callable.qualified_name) +
                     ", .signature = " + quoted(callable.signature) +
                     ", .file = " + quoted(callable.place.shown_file) +
                     ", .line = " + std::to_string(callable.place.line) +
                     ", .num_returns = " + callable.num_returns;
  if (callable.is_internal) info += ", .internal = true";
  const bool is_in_instance = scope.record_prefix().find('<') != std::string::npos;
  if (callable.head || is_in_instance) {
    info += ", .specialisation = " + internal("type_names<") + "type, " +
            (callable.head ? identity_name(callable) : class_name(callable.scope)) + ">()";
  }
  out.line(info + "};");
  if (callable.options != "{}" && !callable.options.empty()) {
    out.line("static " + options_type(callable) + " options() { return " + callable.options +
             "; }");
  } else {
    out.line("static " + options_type(callable) + " options() { return {}; }");
  }
  write_call(callable, out);
  write_default_arguments(callable, out);
  out.end("};");
}

void write_registration(const Callable& callable, TextWriter& out) {
  const ScopeText scope(callable.scope, callable.has_internal_stubs);
  if (callable.head || !scope.record_heads().empty()) return;
  std::string qualified = "::";
  for (const Scope::Level& level : callable.scope.levels) {
    if (level.kind != Scope::Level::Kind::anonymous_namespace) qualified += level.name + "::";
  }
  out.line("template struct " + internal("Register<") + qualified + identity_name(callable) + ">;");
}

void write_function(const Callable& function, TextWriter& out) {
  const ScopeText scope(function.scope, function.has_internal_stubs);
  out.at(function.place);
  scope.open(out);
  write_identity(function, out);
  const std::string head = remote_head(function, HeadStyle::declaration);
  const std::string linkage =
      function.has_internal_stubs && !is_member(function) ? "[[maybe_unused]] " : "";
  out.line(scope.record_heads() + head + linkage + "inline auto " + scope.record_prefix() +
           function.name + "$remote(" + parameter_list(function, ParameterStyle::declaration) +
           ") -> " + late_result(function) + function.requirement + " {");
  const std::string arguments = forwarded_parameters(function);
  out.line("  return " + internal("submit<") + identity_type(function) + ">(nullptr" +
           comma_before(arguments) + ");");
  out.line("}");
  if (function.head) {
    out.line(scope.record_heads() + head_text(*function.head, HeadStyle::declaration) + " " +
             linkage + "inline " + task_pointer(function, scope.record_prefix()) + " {");
    out.line("  return " + internal("listed<") + identity_type(function) + ">(" +
             identity_type(function) + "::pointer);");
    out.line("}");
  }
  scope.close(out);
  if (function.has_body_here) write_registration(function, out);
}

}  // namespace ray::compiler
