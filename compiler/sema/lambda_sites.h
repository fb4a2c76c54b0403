// LambdaSites finds, in the tokens of a file, where ray::remote is given a lambda, and makes an
// argument of its captures, for those have no names that generated code could store them by:
//
//   ray::remote([n, t = f()](int x) { BODY })         becomes
//   ray::remote<Here(__PRETTY_FUNCTION__, 0)>(captured(n, f()),
//       [](decltype(captured(n, f()))&& ray_c, int x) { const auto& [n, t] = ray_c; BODY })
//
// A pack has to be a parameter: `... b = a` becomes captured(a...) and `const decay_t<A>&... b`.
// What `[=]` captures has to be known: until then the lambda stays as it is. One that captures by
// reference, or `this`, is left to the library's error.
#pragma once

#include <string>
#include <vector>

#include "compiler/model/body_facts.h"
#include "compiler/model/translation_unit.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

struct LambdaSites {
  std::vector<CallSite> sites;            // path and offset are all that is set of their places
  bool asks_captures = false;             // for what some `[=]` captures, which is not known
  std::vector<ImplicitCaptures> refused;  // those that capture `this`
};

LambdaSites find_lambda_sites(const std::string& path, llvm::StringRef text,
                              const std::vector<ImplicitCaptures>& known);

}  // namespace ray::compiler
