// LambdaSites finds, in the tokens of a file, where ray::remote is given a lambda, and makes an
// argument of its captures, for those have no names that generated code could store them by:
//
//   ray::remote([n, t = f()](int x) { BODY })         becomes
//   ray::remote<Here(__PRETTY_FUNCTION__, 0)>(captured(n, f()),
//       [](decltype(captured(n, f()))&& ray_c, int x) { const auto& [n, t] = ray_c; BODY })
//
// A pack has to be a parameter: `... b = a` becomes captured(a...) and `const decay_t<A>&... b`.
// A lambda whose captures are not all named and by value is left to the library's error.
#pragma once

#include <string>
#include <vector>

#include "compiler/model/translation_unit.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

// `path` and the offsets are all that is set of the sites' places.
std::vector<CallSite> find_lambda_sites(const std::string& path, llvm::StringRef text);

}  // namespace ray::compiler
