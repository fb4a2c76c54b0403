// A name with the namespaces and classes around it: the key of an overload set.
#pragma once

#include <string>

#include "compiler/model/callable.h"

namespace ray::compiler {

// "ns::f"; an anonymous namespace counts, by its empty name.
inline std::string scoped_name(const Scope& scope, const std::string& name) {
  std::string result;
  for (const Scope::Level& level : scope.levels) result += level.name + "::";
  return result + name;
}

}  // namespace ray::compiler
