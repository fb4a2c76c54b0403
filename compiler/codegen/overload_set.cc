#include "compiler/codegen/overload_set.h"

#include <algorithm>

#include "compiler/codegen/callable_text.h"

namespace ray::compiler {

std::size_t required_arguments(const Callable& callable) {
  std::size_t count = 0;
  while (count < callable.parameters.size() && !callable.parameters[count].default_argument) {
    ++count;
  }
  return count;
}

std::vector<ArgumentList> argument_lists(const Overloads& overloads) {
  std::vector<ArgumentList> result;
  bool is_of_use = false;
  for (const Callable* overload : overloads) {
    if (overload->head) continue;
    const std::vector<Parameter>& parameters = overload->parameters;
    is_of_use = is_of_use || std::any_of(parameters.begin(), parameters.end(),
                                         [](const Parameter& p) { return !p.is_scalar; });
    for (std::size_t count = std::max<std::size_t>(required_arguments(*overload), 1);
         count <= parameters.size(); ++count) {
      result.push_back({overload, count});
    }
  }
  if (!is_of_use) result.clear();
  return result;
}

std::string arguments_declaration(const std::string& name, const std::string& leading_parameter,
                                  std::size_t index, const ArgumentList& list) {
  return "auto " + name + "(" + leading_parameter + internal("Index<") + std::to_string(index) +
         ">) -> " + internal("Signature<void(") + parameter_types(*list.callable, list.count) +
         ")>;";
}

}  // namespace ray::compiler
