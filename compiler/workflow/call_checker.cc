#include "compiler/workflow/call_checker.h"

#include <algorithm>

#include "compiler/graph/graph_writer.h"
#include "compiler/workflow/literal.h"
#include "compiler/workflow/value_type.h"

namespace ray::compiler::workflow {
namespace {

using graph::Argument;
using graph::GraphError;
using graph::Node;
using graph::NodeSpans;
using graph::Refs;

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string declared(const LinkedFunction& function) {
  return quoted(function.signature) + " at " + function.file + ":" + std::to_string(function.line);
}

bool is_deduced(const LinkedFunction& function) {
  return std::any_of(function.results.begin(), function.results.end(), [](const auto& type) {
    return type == "auto" || type.starts_with("decltype(");
  });
}

// Names that the user did not give begin with "ray_".
std::string name_of(const LinkedFunction& function, std::size_t index) {
  const std::string& name = function.parameters[index].name;
  return name.starts_with("ray_") ? std::to_string(index + 1) : quoted(name);
}

// How a call of it is wrong that has too few arguments, or too many.
std::vector<GraphError> wrong_number(const Node& node, const NodeSpans& spans,
                                     const std::string& name, const LinkedFunction& function) {
  const std::size_t given = node.arguments.size();
  const std::size_t most = function.parameters.size();
  std::size_t least = most;
  while (least > 0 && !function.parameters[least - 1].default_argument.empty()) --least;
  if (given < least || given > most) {
    const std::string bound = least == most ? "" : given < least ? "at least " : "at most ";
    const std::size_t count = given < least ? least : most;
    const std::string missing =
        given < least ? "; it is not given " + name_of(function, given) : "";
    return {{spans.callee,
             quoted(name) + " takes " + bound + std::to_string(count) +
                 (count == 1 ? " argument" : " arguments") + "; given " + std::to_string(given),
             "it is " + declared(function) + missing}};
  }
  for (std::size_t i = given; i < most; ++i) {
    if (default_literal(function.parameters[i])) continue;
    return {
        {spans.callee,
         "parameter " + name_of(function, i) + " of " + quoted(name) +
             " has to be given: its default is more than a literal",
         "it is " + quoted(function.parameters[i].default_argument) + " in " + declared(function)}};
  }
  return {};
}

bool is_right_kind(const Node& node, const LinkedFunction& function) {
  return (function.kind == graph::Function::Kind::actor) == (node.kind == Node::Kind::create);
}

}  // namespace

const LinkedFunction* CallChecker::choose(const Node& node, const NodeSpans& spans,
                                          const std::string& name,
                                          const std::vector<const LinkedFunction*>& candidates) {
  std::vector<const LinkedFunction*> fitting;
  std::vector<GraphError> wrong;
  std::string known;
  for (const LinkedFunction* candidate : candidates) {
    wrong = misfits(node, spans, name, *candidate);
    if (wrong.empty()) fitting.push_back(candidate);
    known += (known.empty() ? "" : ", ") + declared(*candidate);
  }
  if (fitting.size() > 1) {
    const auto natural = std::find_if(fitting.begin(), fitting.end(),
                                      [&](const auto* each) { return is_natural(node, *each); });
    if (natural != fitting.end()) fitting = {*natural};
  }
  if (fitting.size() == 1) return fitting.front();
  if (candidates.size() == 1) {
    errors_.insert(errors_.end(), wrong.begin(), wrong.end());
  } else if (fitting.empty()) {
    errors_.push_back(
        {spans.callee, "no " + quoted(name) + " takes these arguments", "there are " + known});
  } else {
    errors_.push_back({spans.callee, "it is not clear which " + quoted(name) + " is meant",
                       "declare that one alone; there are " + known});
  }
  return nullptr;
}

std::vector<GraphError> CallChecker::misfits(const Node& node, const NodeSpans& spans,
                                             const std::string& name,
                                             const LinkedFunction& function) {
  if (!is_right_kind(node, function)) return {};  // the graph's verifier says so
  if (function.is_template) {
    return {{spans.callee, quoted(name) + " is a template: none of its instances is listed",
             "call it from a remote function, and that from here"}};
  }
  if (is_deduced(function)) {
    return {{spans.callee,
             quoted(name) + " has a deduced result, of which the registry tells nothing",
             "write the type of its result: it is " + declared(function)}};
  }
  if (!function.results.empty() && function.results.front().starts_with("ray::Generator<")) {
    return {{spans.callee, quoted(name) + " gives a stream, which a workflow cannot take",
             "call it from a remote function that makes one value of its items"}};
  }
  std::vector<GraphError> result = wrong_number(node, spans, name, function);
  if (!result.empty()) return result;
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    const std::string& type = function.parameters[i].type;
    const std::string given = misfit(node.arguments[i], type);
    if (given.empty()) continue;
    result.push_back({spans.arguments[i],
                      "parameter " + name_of(function, i) + " of " + quoted(name) + " is " +
                          quoted(type) + "; given is " + given,
                      "it is " + declared(function)});
  }
  const bool is_method = function.kind == graph::Function::Kind::method;
  if (is_method && node.actor && node.actor->values.size() == 1) {
    const graph::ValueId actor = node.actor->values.front();
    if (actor != graph::kUnknownValue && !types_[actor].empty() &&
        types_[actor] != function.class_name()) {
      result.push_back({spans.actor,
                        quoted(name) + " is a method of " + quoted(function.class_name()) + "; " +
                            quoted(graph::value_text(flow_, actor)) + " is " +
                            quoted(types_[actor]),
                        ""});
    }
  }
  return result;
}

std::string CallChecker::misfit(const Argument& argument, const std::string& parameter) const {
  if (argument.kind == Argument::Kind::literal) {
    return workflow::misfit(argument.literal, parameter);
  }
  return argument.kind == Argument::Kind::refs ? misfit(argument.refs, parameter) : "";
}

std::string CallChecker::misfit(const Refs& refs, const std::string& parameter) const {
  std::optional<std::string> wanted = parameter;
  if (refs.shape == Refs::Shape::list) {
    const TypeParts parts = take_apart(parameter);
    if (parts.name != "std::vector") return "a list, " + quoted(refs_text(flow_, refs));
    wanted = parts.arguments.front();
  }
  for (const graph::ValueId value : refs.values) {
    if (value == graph::kUnknownValue) continue;
    const std::string& type = types_[value];
    if (type.empty()) continue;  // reported where it is made
    const std::string text = quoted(graph::value_text(flow_, value));
    const bool is_ref = *wanted == "ray::ObjectRef<" + type + ">";
    if (refs.is_itself) {
      if (is_ref || *wanted == "ray::ActorHandle<" + type + ">") continue;
      return "a ref to " + quoted(type) + ", " + quoted("&" + graph::value_text(flow_, value));
    }
    if (is_ref) return text + ", which is awaited; the ref itself is '&" + text.substr(1);
    if (type == "void") return text + ", which has no value";
    // A list becomes a vector of just that type; a single value may be shown by a view.
    const bool fits = refs.shape == Refs::Shape::list ? *wanted == type : takes(*wanted, type);
    if (!fits) return text + ", which is " + quoted(type);
  }
  return "";
}

bool CallChecker::is_natural(const Node& node, const LinkedFunction& function) const {
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    const Argument& argument = node.arguments[i];
    if (argument.kind == Argument::Kind::literal &&
        !takes(function.parameters[i].type, natural_type(argument.literal))) {
      return false;
    }
  }
  return true;
}

}  // namespace ray::compiler::workflow
