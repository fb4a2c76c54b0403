#include "compiler/codegen/callable_text.h"

namespace ray::compiler {
namespace {

using Level = Scope::Level;

std::string join(const std::vector<std::string>& parts) {
  std::string result;
  for (const std::string& part : parts) {
    if (!result.empty()) result += ", ";
    result += part;
  }
  return result;
}

}  // namespace

std::string internal(std::string_view name) { return std::string(kInternal) + std::string(name); }

std::string set_name(const Callable& callable) { return callable.name + "$set"; }
std::string identity_name(const Callable& callable) { return callable.name + "$" + callable.hash; }

std::string identity_type(const Callable& callable) {
  std::string result = identity_name(callable);
  if (callable.head) result += "<" + argument_list(*callable.head) + ">";
  return result;
}

std::string declared_identity(const Callable& callable) {
  return (callable.head ? head_text(*callable.head, HeadStyle::unconstrained) + " " : "") +
         "struct " + identity_name(callable) + ";";
}

std::string argument_list(const TemplateHead& head) {
  std::vector<std::string> arguments;
  for (const TemplateParameter& parameter : head.parameters)
    arguments.push_back(parameter.argument);
  return join(arguments);
}

std::string head_text(const TemplateHead& head, HeadStyle style, std::string_view extra) {
  std::vector<std::string> parts;
  for (const TemplateParameter& parameter : head.parameters) {
    parts.push_back(style == HeadStyle::with_defaults   ? parameter.declaration
                    : style == HeadStyle::unconstrained ? parameter.unconstrained
                                                        : parameter.without_default);
  }
  if (!extra.empty()) parts.emplace_back(extra);
  std::string result = "template <" + join(parts) + ">";
  if (!head.constraint.empty() && style != HeadStyle::unconstrained)
    result += " " + head.constraint;
  return result;
}

std::string parameter_list(const Callable& callable, ParameterStyle style) {
  std::vector<std::string> parts;
  for (const Parameter& parameter : callable.parameters) {
    std::string part;
    switch (style) {
      case ParameterStyle::types:
        part = parameter.type;
        break;
      case ParameterStyle::selection:
        part = parameter.referenced ? *parameter.referenced + "&& " + parameter.name
                                    : parameter.declaration;
        break;
      case ParameterStyle::declaration:
      case ParameterStyle::with_defaults:
        part = parameter.declaration;
        break;
    }
    const bool wants_default =
        style == ParameterStyle::with_defaults || style == ParameterStyle::selection;
    if (wants_default && parameter.default_argument) part += " = " + *parameter.default_argument;
    parts.push_back(std::move(part));
  }
  return join(parts);
}

std::string parameter_types(const Callable& callable, std::size_t count) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < count; ++i) parts.push_back(callable.parameters[i].type);
  return join(parts);
}

std::string forwarded_parameters(const Callable& callable) {
  std::vector<std::string> parts;
  for (const Parameter& parameter : callable.parameters) {
    parts.push_back("static_cast<decltype(" + parameter.name + ")&&>(" + parameter.name + ")" +
                    (parameter.is_pack ? "..." : ""));
  }
  return join(parts);
}

std::string member(const Callable& callable) {
  return callable.head ? "template " + callable.name + "<" + argument_list(*callable.head) + ">"
                       : callable.name;
}

std::string callee(const Callable& callable) {
  std::string result;
  if (is_in_record(callable.scope)) {
    result = class_name(callable.scope) + "::" + callable.name;
  } else {
    result = "::" + callable.qualified_name;
  }
  if (callable.head) result += "<" + argument_list(*callable.head) + ">";
  return result;
}

std::string result_type(const Callable& callable, std::string_view object_type) {
  if (callable.kind == Callable::Kind::constructor) return "void";
  if (!callable.result.empty()) return callable.result;
  std::vector<std::string> arguments;
  for (const Parameter& parameter : callable.parameters) {
    const bool is_pack = parameter.is_pack;
    std::string type = parameter.type;
    if (is_pack) type = type.substr(0, type.rfind("..."));
    arguments.push_back("::std::declval<" + type + ">()" + (is_pack ? "..." : ""));
  }
  std::string object = callee(callable);
  if (callable.kind == Callable::Kind::static_member && !object_type.empty()) {
    object = std::string(object_type) + "::" + callable.name;
  }
  if (callable.kind == Callable::Kind::method) {
    const std::string type(object_type.empty() ? class_name(callable.scope) : object_type);
    object = "::std::declval<" + type + "&>()." + member(callable);
  }
  return "decltype(" + object + "(" + join(arguments) + "))";
}

std::string remote_result(const Callable& callable, std::string_view object) {
  if (callable.kind == Callable::Kind::constructor) {
    return "::ray::ActorHandle<" + class_name(callable.scope) + ">";
  }
  return internal("result_t<") + result_type(callable, object) + ", " + callable.num_returns + ">";
}

bool is_in_record(const Scope& scope) {
  return !scope.levels.empty() && scope.levels.back().kind == Level::Kind::record;
}

std::string class_name(const Scope& scope) {
  const std::string& name = scope.levels.back().name;
  return name.substr(0, name.find('<'));
}

bool needs_anonymous_namespace(const Callable& callable) {
  if (!callable.has_internal_stubs || is_in_record(callable.scope)) return false;
  for (const Level& level : callable.scope.levels) {
    if (level.kind == Level::Kind::anonymous_namespace) return false;
  }
  return true;
}

ScopeText::ScopeText(const Scope& scope, bool is_internal) {
  bool is_anonymous = false;
  bool in_record = false;
  for (const Level& level : scope.levels) {
    switch (level.kind) {
      case Level::Kind::named_namespace:
        opening_ += "namespace " + level.name + " { ";
        break;
      case Level::Kind::inline_namespace:
        opening_ += "inline namespace " + level.name + " { ";
        break;
      case Level::Kind::anonymous_namespace:
        opening_ += "namespace { ";
        is_anonymous = true;
        break;
      case Level::Kind::record:
        in_record = true;
        record_prefix_ += level.name + "::";
        if (level.head) record_heads_ += head_text(*level.head, HeadStyle::declaration) + " ";
        continue;
    }
    closing_ += "} ";
  }
  if (is_internal && !is_anonymous && !in_record) {
    opening_ += "namespace { ";
    closing_ += "} ";
  }
}

void ScopeText::open(TextWriter& out) const {
  if (!opening_.empty()) out.line(std::string_view(opening_).substr(0, opening_.size() - 1));
}

void ScopeText::close(TextWriter& out) const {
  if (!closing_.empty()) out.line(std::string_view(closing_).substr(0, closing_.size() - 1));
}

}  // namespace ray::compiler
